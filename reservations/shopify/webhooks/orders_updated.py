"""``orders/updated``: anything about an order changed, most often nothing that we count.

It comes for every tag, note and fulfilment, so a payload whose facts we know costs a read. An exchange shows only here.
"""

from reservations.models import ShopifyOrder
from reservations.shopify.orders import order_facts
from reservations.shopify.orders.order_news import News

from . import order_event, order_topic
from .handler import Event, OrderTopic


def must_ask(event: Event, told: News, known: ShopifyOrder | None) -> bool:
    """Whether units left the order and nothing that we know explains how."""
    return order_facts.is_unexplained(event.shop.pk, known, told)


handler = order_topic.handler_of(OrderTopic(order_event.lines_of, order_event.news_of, must_ask, order_facts.knows))
