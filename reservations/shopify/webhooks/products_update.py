"""``products/update``: SKUs of its variants may have changed. It comes for every sale too, and mostly says nothing."""

from collections.abc import Sequence

from reservations.shopify.catalogue import links
from reservations.shopify.catalogue.links import Variant
from reservations.shopify.errors import NotInstalled

from . import payload_reader
from .handler import Event, Handler
from .payload_reader import Payload


def fetch(event: Event) -> Sequence[Variant] | None:
    """All variants of a product that has more of them than a payload shows, None where the app is not installed.

    Raises ShopifyError.
    """
    if not _is_cut_short(event.payload):
        return None
    try:
        return links.variants_of_product(event.shop.pk, payload_reader.identifier(event.payload, "id"))
    except NotInstalled:
        return None


def apply(event: Event, fetched: Sequence[Variant] | None = None) -> bool:
    """Let the links of the product be those of its variants. Raises InvalidPayload."""
    product_id = int(payload_reader.identifier(event.payload, "id"))
    variants = fetched
    if variants is None:
        variants = _variants(event.payload, product_id)
        # A product has at least one: nothing is said of them, or not of all.
        if not variants or _is_cut_short(event.payload):
            return False
    at = payload_reader.time(event.payload, "updated_at") or event.triggered_at
    return links.replace_product(event.shop.pk, product_id, variants, at)


def _is_cut_short(payload: Payload) -> bool:
    return len(payload_reader.rows(payload, "variant_gids")) > len(payload_reader.rows(payload, "variants"))


def _variants(payload: Payload, product_id: int) -> list[Variant]:
    return [
        Variant(
            variant_id=int(payload_reader.identifier(row, "id")),
            product_id=product_id,
            inventory_item_id=int(payload_reader.identifier(row, "inventory_item_id"))
            if row.get("inventory_item_id") is not None
            else None,
            sku=payload_reader.text(row, "sku"),
            tracked=row.get("inventory_management", "shopify") == "shopify",
        )
        for row in payload_reader.rows(payload, "variants")
    ]


handler = Handler(apply, fetch)
