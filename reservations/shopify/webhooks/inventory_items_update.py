"""``inventory_items/update``: the SKU of an inventory item, and so of its variants, may have changed."""

from reservations.shopify.catalogue import links

from . import payload_reader
from .handler import Event, Handler


def apply(event: Event, fetched: None = None) -> bool:
    """Give the item's variants its SKU. Raises InvalidPayload."""
    item_id = int(payload_reader.identifier(event.payload, "id"))
    at = payload_reader.time(event.payload, "updated_at") or event.triggered_at
    tracked = event.payload.get("tracked") is not False
    return links.rename_item(event.shop.pk, item_id, payload_reader.text(event.payload, "sku"), at, tracked=tracked)


handler = Handler(apply)
