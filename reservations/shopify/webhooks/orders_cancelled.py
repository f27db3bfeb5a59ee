"""``orders/cancelled``: nothing is owed any more. Units come back only as the order's refunds say."""

from reservations.shopify import asking
from reservations.shopify.orders import News

from . import order_event, reading
from .handler import Event, Handler


def fetch(event: Event) -> News | None:
    """The order as Shopify has it, where the payload does not tell of refunds. Raises Unreachable."""
    if "refunds" in event.payload:
        return None
    return asking.order_if_allowed(event.shop.pk, reading.identifier(event.payload, "id"))


handler = Handler(order_event.apply, fetch)
