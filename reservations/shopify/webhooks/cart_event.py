"""``carts/create`` and ``carts/update`` both say how the cart stands now."""

from reservations.shopify import carts
from reservations.shopify.access import installation
from reservations.shopify.carts import CartState
from reservations.shopify.catalogue import line_skus

from . import payload_reader
from .handler import Event
from .payload_reader import InvalidPayload


def apply(event: Event, fetched: None = None) -> bool:
    """Let the cart's holds follow its lines. Raises InvalidPayload and what the engine raises."""
    if installation.is_uninstalled(event.shop.pk):
        return False
    token = payload_reader.text(event.payload, "token") or payload_reader.text(event.payload, "id")
    if not token:
        raise InvalidPayload("the cart has no token")
    lines = line_skus.lines_of(event.shop.pk, payload_reader.rows(event.payload, "line_items"))
    return carts.hold_cart_lines(
        event.shop, CartState(token, lines, payload_reader.time(event.payload, "updated_at"), event.triggered_at)
    )
