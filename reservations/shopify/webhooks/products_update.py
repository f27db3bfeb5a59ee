"""``products/update``: SKUs of its variants may have changed. It comes for every sale too, and mostly says nothing."""

from collections.abc import Sequence

from reservations.shopify import links
from reservations.shopify.links import Variant

from . import reading
from .handler import Event, Handler
from .reading import Payload


def fetch(event: Event) -> Sequence[Variant] | None:
    """All variants of a product that has more of them than a payload shows. Raises ShopifyError."""
    shown = len(reading.rows(event.payload, "variants"))
    if len(reading.rows(event.payload, "variant_gids")) <= shown:
        return None
    return links.variants_of_product(event.shop.pk, reading.identifier(event.payload, "id"))


def apply(event: Event, fetched: Sequence[Variant] | None = None) -> bool:
    """Let the links of the product be those of its variants. Raises InvalidPayload."""
    product_id = int(reading.identifier(event.payload, "id"))
    variants = _variants(event.payload, product_id) if fetched is None else fetched
    if not variants and fetched is None:
        # A product has at least one: nothing is said of them.
        return False
    at = reading.time(event.payload, "updated_at") or event.triggered_at
    return links.replace_product(event.shop.pk, product_id, variants, at)


def _variants(payload: Payload, product_id: int) -> list[Variant]:
    return [
        Variant(
            variant_id=int(reading.identifier(row, "id")),
            product_id=product_id,
            inventory_item_id=int(reading.identifier(row, "inventory_item_id"))
            if row.get("inventory_item_id") is not None
            else None,
            sku=reading.text(row, "sku"),
            tracked=row.get("inventory_management", "shopify") == "shopify",
        )
        for row in reading.rows(payload, "variants")
    ]


handler = Handler(apply, fetch)
