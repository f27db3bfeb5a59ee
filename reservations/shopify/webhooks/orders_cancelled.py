"""``orders/cancelled``: the customer awaits nothing any more. Units come back only as the order's refunds say."""

from reservations.models import ShopifyOrder
from reservations.shopify.orders.order_news import News

from . import order_event, order_topic
from .handler import Event, OrderTopic


def must_ask(event: Event, told: News, known: ShopifyOrder | None) -> bool:
    """Whether the payload has no refunds."""
    return "refunds" not in event.payload


handler = order_topic.handler_of(OrderTopic(order_event.lines_of, order_event.news_of, must_ask))
