"""``inventory_levels/update``: the number that Shopify shows for an item has changed, perhaps by our own write."""

from reservations.shopify.inventory import levels

from . import payload_reader
from .handler import Event, Handler
from .payload_reader import InvalidPayload


def apply(event: Event, fetched: None = None) -> bool:
    """Note the number; False for the echo of our own write. Raises InvalidPayload."""
    available = event.payload.get("available")
    if available is not None and type(available) is not int:
        raise InvalidPayload(f"available is not a number: {available!r}")
    return levels.note_shown(
        event.shop.pk,
        int(payload_reader.identifier(event.payload, "inventory_item_id")),
        int(payload_reader.identifier(event.payload, "location_id")),
        available,
        payload_reader.time(event.payload, "updated_at") or event.triggered_at,
    )


handler = Handler(apply)
