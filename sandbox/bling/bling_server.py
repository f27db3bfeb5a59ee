"""Running the stand-in: its addresses, its state within reach, and its control by HTTP."""

from types import TracebackType
from typing import Self

from sandbox import permission
from sandbox.bling.bling import Bling
from sandbox.bling.edge import BASE, Application
from sandbox.bling.events import Registration
from sandbox.web import Remote, Server


class Serving:
    """A Bling that listens on loopback in threads of this process, between `start` and `stop`."""

    def __init__(self, app: Registration, port: int = 0) -> None:
        """Take the port (0: any free one). Raises NotASandbox, OSError."""
        permission.require()
        self.bling = Bling(app)
        self._server = Server(Application(self.bling), port)
        self.url = self._server.url
        self.api_url = self.url + BASE
        self.authorize_url = f"{self.api_url}/oauth/authorize"
        self.control = Remote(self.url)

    def start(self) -> None:
        """Begin to answer and to send webhooks."""
        self.bling.deliveries.start()
        self._server.start()

    def stop(self) -> None:
        """End both."""
        self._server.stop()
        self.bling.deliveries.stop()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop."""
        self.stop()


def serve(
    client_id: str, client_secret: str, callback_url: str = "", webhooks_url: str = "", *, port: int = 0
) -> Serving:
    """Make a Bling for a `with` statement. Raises NotASandbox, OSError."""
    return Serving(Registration(client_id, client_secret, callback_url, webhooks_url), port)
