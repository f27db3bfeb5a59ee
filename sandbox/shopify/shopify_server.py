"""A Shopify that listens, as the service's settings and a test reach it."""

from sandbox.shopify.execution import schema
from sandbox.shopify.gateway import Gateway
from sandbox.shopify.registration import Registration
from sandbox.shopify.shopify import Shopify
from sandbox.stand_in import OnLoopback


class RunningStandIn(OnLoopback[Shopify]):
    """A Shopify on loopback. `shopify` is its state; `admin_url` is the template for the setting SHOPIFY_ADMIN_URL."""

    def __init__(self, app: Registration, port: int = 0) -> None:
        """Take the port (0: any free one). Raises NotASandbox, OSError."""
        self.shopify = Shopify(app)
        super().__init__(Gateway(self.shopify), port)
        self.shopify.url = self.url
        self.admin_url = f"{self.url}/{{shop}}"

    def start(self) -> None:
        """Build the schema, which takes a while, then begin to answer and to send webhooks."""
        schema()
        super().start()


def serve(
    client_id: str, client_secret: str, webhooks_url: str = "", proxy_url: str = "", *, port: int = 0
) -> RunningStandIn:
    """Make a Shopify for a `with` statement. Raises NotASandbox, OSError."""
    return RunningStandIn(Registration(client_id, client_secret, webhooks_url, proxy_url), port)
