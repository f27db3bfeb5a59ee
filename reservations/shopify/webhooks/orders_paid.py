"""``orders/paid``: the money is there. It often comes before ``orders/create`` and has the same content."""

from . import order_event, order_topic
from .handler import OrderTopic

handler = order_topic.handler_of(OrderTopic(order_event.lines_of, order_event.news_of))
