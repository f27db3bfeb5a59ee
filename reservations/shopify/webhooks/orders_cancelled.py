"""``orders/cancelled``: the customer awaits nothing any more. Units come back only as the order's refunds say."""

from reservations.shopify.orders import order_query
from reservations.shopify.orders.order_news import News

from . import order_event, payload_reader
from .handler import Event, Handler


def fetch(event: Event) -> News | None:
    """Ask Shopify for the order where the payload has no refunds. Raises Unreachable."""
    if "refunds" in event.payload:
        return None
    return order_query.fetch_order_if_allowed(event.shop.pk, payload_reader.identifier(event.payload, "id"))


handler = Handler(order_event.apply, fetch)
