"""``orders/create``: somebody ordered. A paid order buys its units, one that awaits its payment holds them."""

from reservations.shopify.orders import order_query
from reservations.shopify.orders.order_news import News

from . import order_event, payload_reader
from .handler import Event, Handler


def fetch(event: Event) -> News | None:
    """Ask Shopify for the order where the payload does not say how its payment stands. Raises Unreachable.

    If we may not ask, the order buys: a unit sold too early shows at once, a unit sold twice only when it is too late.
    """
    if payload_reader.text(event.payload, "financial_status"):
        return None
    return order_query.fetch_order_if_allowed(event.shop.pk, payload_reader.identifier(event.payload, "id"))


handler = Handler(order_event.apply, fetch)
