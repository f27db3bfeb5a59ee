"""A Bling that listens, as the service's settings and a test reach it."""

from sandbox.bling.bling import Bling
from sandbox.bling.edge import BASE, Edge
from sandbox.bling.events import Registration
from sandbox.stand_in import OnLoopback


class RunningStandIn(OnLoopback[Bling]):
    """A Bling on loopback. `bling` is its state; `api_url` and `authorize_url` are what the settings take."""

    def __init__(self, app: Registration, port: int = 0) -> None:
        """Take the port (0: any free one). Raises NotASandbox, OSError."""
        self.bling = Bling(app)
        super().__init__(Edge(self.bling), port)
        self.api_url = self.url + BASE
        self.authorize_url = f"{self.api_url}/oauth/authorize"


def serve(
    client_id: str, client_secret: str, callback_url: str = "", webhooks_url: str = "", *, port: int = 0
) -> RunningStandIn:
    """Make a Bling for a `with` statement. Raises NotASandbox, OSError."""
    return RunningStandIn(Registration(client_id, client_secret, callback_url, webhooks_url), port)
