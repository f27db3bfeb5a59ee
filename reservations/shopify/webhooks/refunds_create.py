"""``refunds/create``: money went back, and perhaps units. It may be the first that we hear of its order."""

from collections.abc import Sequence

from reservations.models import ShopifyOrder
from reservations.shopify.catalogue.line_skus import ShopifyLine
from reservations.shopify.orders.order_news import News

from . import order_event, order_topic, payload_reader
from .handler import Event, OrderTopic


def must_ask(event: Event, told: News, known: ShopifyOrder | None) -> bool:
    """Whether the refund may have been made for a return, and the payload does not say so."""
    # A unit of a return counts once: both its disposition and its refund say that it is on the shelf.
    return known is not None and bool(known.returns) and not told.returns


def news_of(event: Event, lines: Sequence[ShopifyLine]) -> News:
    """The news in a refund's payload. Raises InvalidPayload."""
    refund_id, units = order_event.refund_of(event.payload)
    return News(
        payload_reader.identifier(event.payload, "order_id"),
        refunds={refund_id: units},
        refunded_at={refund_id: event.triggered_at.isoformat()} | order_event.times_of([event.payload]),
        returns=order_event.returns_of([event.payload]),
    )


def no_lines(event: Event) -> Sequence[ShopifyLine]:
    """A refund names its order's lines by their ids alone."""
    return ()


handler = order_topic.handler_of(OrderTopic(no_lines, news_of, must_ask))
