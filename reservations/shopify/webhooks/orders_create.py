"""``orders/create``: somebody bought. The order's units are sold from now on, paid for at once or later."""

from . import order_event
from .handler import Handler

handler = Handler(order_event.apply)
