"""``refunds/create``: money went back, and perhaps units. It may be the first word of its order."""

from reservations.shopify import orders
from reservations.shopify.orders import News

from . import order_event, reading
from .handler import Event, Handler


def apply(event: Event, fetched: None = None) -> bool:
    """Learn of the refund. Raises InvalidPayload and what the engine raises."""
    refund_id, lines = order_event.refund_of(event.payload)
    return orders.learn(event.shop, News(reading.identifier(event.payload, "order_id"), refunds={refund_id: lines}))


handler = Handler(apply)
