"""``orders/paid``: the money is there. It often comes before ``orders/create``, and says all that that one says."""

from . import order_event
from .handler import Handler

handler = Handler(order_event.apply)
