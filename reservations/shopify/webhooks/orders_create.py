"""``orders/create``: somebody bought. Its units are sold from now on, paid for at once or later."""

from . import order_event
from .handler import Handler

handler = Handler(order_event.apply)
