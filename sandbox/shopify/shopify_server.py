"""Running the stand-in: its addresses, its state within reach, and its control by HTTP."""

from types import TracebackType
from typing import Self

from sandbox import permission
from sandbox.shopify.execution import schema
from sandbox.shopify.gateway import Application
from sandbox.shopify.registration import Registration
from sandbox.shopify.shopify import Shopify
from sandbox.web import Remote, Server


class Serving:
    """A Shopify that listens on loopback in threads of this process, between `start` and `stop`.

    `admin_url` is the template for the setting SHOPIFY_ADMIN_URL.
    """

    def __init__(self, app: Registration, port: int = 0) -> None:
        """Take the port (0: any free one). Raises NotASandbox, OSError."""
        permission.require()
        self.shopify = Shopify(app)
        self._server = Server(Application(self.shopify), port)
        self.url = self.shopify.url = self._server.url
        self.admin_url = f"{self.url}/{{shop}}"
        self.control = Remote(self.url)

    def start(self) -> None:
        """Begin to answer and to send webhooks."""
        schema()
        self.shopify.deliveries.start()
        self._server.start()

    def stop(self) -> None:
        """End both."""
        self._server.stop()
        self.shopify.deliveries.stop()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop."""
        self.stop()


def serve(client_id: str, client_secret: str, webhooks_url: str = "", proxy_url: str = "", *, port: int = 0) -> Serving:
    """Make a Shopify for a `with` statement. Raises NotASandbox, OSError."""
    return Serving(Registration(client_id, client_secret, webhooks_url, proxy_url), port)
