"""``refunds/create``: money went back, and perhaps units. It may be the first word of its order."""

from reservations.shopify.orders import order_facts
from reservations.shopify.orders.order_facts import News

from . import order_event, payload_reader
from .handler import Event, Handler


def apply(event: Event, fetched: None = None) -> bool:
    """Learn of the refund. Raises InvalidPayload and what the engine raises."""
    refund_id, lines = order_event.refund_of(event.payload)
    return order_facts.learn(
        event.shop, News(payload_reader.identifier(event.payload, "order_id"), refunds={refund_id: lines})
    )


handler = Handler(apply)
