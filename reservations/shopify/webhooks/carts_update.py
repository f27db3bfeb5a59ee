"""``carts/update``: a cart of the online store changed, or lost its last line."""

from . import cart_event
from .handler import Handler

handler = Handler(cart_event.apply, together=cart_event.apply_together)
