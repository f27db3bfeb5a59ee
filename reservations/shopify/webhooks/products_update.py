"""``products/update``: SKUs of its variants may have changed. It comes for every sale too, and mostly says nothing."""

from collections.abc import Sequence

from reservations.shopify import links
from reservations.shopify.links import Variant

from . import reading
from .handler import Event, Handler


def fetch(event: Event) -> Sequence[Variant] | None:
    """All variants of a product that has more of them than a payload shows. Raises ShopifyError."""
    shown = len(reading.rows(event.payload, "variants"))
    if len(reading.rows(event.payload, "variant_gids")) <= shown:
        return None
    return links.variants_of_product(event.shop.pk, reading.identifier(event.payload, "id"))


def apply(event: Event, fetched: Sequence[Variant] | None = None) -> bool:
    """Let the links of the product be those of its variants. Raises InvalidPayload."""
    product_id = int(reading.identifier(event.payload, "id"))
    variants = fetched
    if variants is None:
        variants = [
            Variant(
                variant_id=int(reading.identifier(row, "id")),
                product_id=product_id,
                inventory_item_id=int(reading.identifier(row, "inventory_item_id"))
                if row.get("inventory_item_id") is not None
                else None,
                sku=reading.text(row, "sku"),
                tracked=row.get("inventory_management", "shopify") == "shopify",
            )
            for row in reading.rows(event.payload, "variants")
        ]
    at = reading.time(event.payload, "updated_at") or event.triggered_at
    return links.replace_product(event.shop.pk, product_id, variants, at)


handler = Handler(apply, fetch)
