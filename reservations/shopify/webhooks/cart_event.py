"""``carts/create`` and ``carts/update`` say the same: this is the cart now."""

from reservations.shopify import carts, installing, skus
from reservations.shopify.carts import CartState

from . import reading
from .handler import Event
from .reading import InvalidPayload


def apply(event: Event, fetched: None = None) -> bool:
    """Let the cart's holds follow its lines. Raises InvalidPayload and what the engine raises."""
    if installing.is_uninstalled(event.shop.pk):
        return False
    token = reading.text(event.payload, "token") or reading.text(event.payload, "id")
    if not token:
        raise InvalidPayload("the cart has no token")
    lines = skus.lines_of(event.shop.pk, reading.rows(event.payload, "line_items"))
    return carts.apply(
        event.shop, CartState(token, lines, reading.time(event.payload, "updated_at"), event.triggered_at)
    )
