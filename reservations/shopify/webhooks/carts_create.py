"""``carts/create``: a cart of the online store got its first line."""

from . import cart_event
from .handler import Handler

handler = Handler(cart_event.apply, together=cart_event.apply_together)
