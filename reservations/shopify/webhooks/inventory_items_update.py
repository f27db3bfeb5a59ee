"""``inventory_items/update``: an inventory item has another SKU, or is tracked or not, and so are its variants."""

from reservations.shopify.catalogue import links, variants

from . import payload_reader
from .handler import Event, Handler


def apply(event: Event, fetched: None = None) -> bool:
    """Bring the item's variants in line with it. Raises InvalidPayload and what the engine raises."""
    item_id = int(payload_reader.identifier(event.payload, "id"))
    at = payload_reader.time(event.payload, "updated_at") or event.triggered_at
    sku = payload_reader.text(event.payload, "sku") if "sku" in event.payload else None
    return links.change_item(
        event.shop.pk, item_id, at, sku=sku, tracked=variants.as_bool(event.payload.get("tracked"))
    )


handler = Handler(apply)
