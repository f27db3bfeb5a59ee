"""``orders/paid``: the money is there. It often comes before ``orders/create`` and has the same content."""

from . import order_event
from .handler import Handler

handler = Handler(order_event.apply)
