"""``inventory_items/update``: the SKU of an inventory item, and so of its variants, may have changed."""

from reservations.shopify import links

from . import reading
from .handler import Event, Handler


def apply(event: Event, fetched: None = None) -> bool:
    """Give the item's variants its SKU. Raises InvalidPayload."""
    item_id = int(reading.identifier(event.payload, "id"))
    at = reading.time(event.payload, "updated_at") or event.triggered_at
    tracked = event.payload.get("tracked") is not False
    return links.rename_item(event.shop.pk, item_id, reading.text(event.payload, "sku"), at, tracked=tracked)


handler = Handler(apply)
