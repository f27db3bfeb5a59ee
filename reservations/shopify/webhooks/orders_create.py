"""``orders/create``: somebody ordered. A paid order buys its units, one that awaits its payment holds them."""

from reservations.models import ShopifyOrder
from reservations.shopify.orders.order_news import News

from . import order_event, order_topic, payload_reader
from .handler import Event, OrderTopic


def must_ask(event: Event, told: News, known: ShopifyOrder | None) -> bool:
    """Whether the payload does not say how the order's payment stands.

    If we may not ask, the order buys: a unit sold too early shows at once, a unit sold twice only when it is too late.
    """
    return not payload_reader.text(event.payload, "financial_status")


handler = order_topic.handler_of(OrderTopic(order_event.lines_of, order_event.news_of, must_ask))
