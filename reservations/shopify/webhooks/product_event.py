"""``products/create`` and ``products/update`` both say which variants a product has now, and what SKUs they carry."""

from collections.abc import Sequence

from reservations.shopify.catalogue import links, variants
from reservations.shopify.catalogue.variants import Variant
from reservations.shopify.errors import NotInstalled

from . import payload_reader
from .handler import Event
from .payload_reader import Payload


def fetch(event: Event) -> Sequence[Variant] | None:
    """Ask for all variants of a product that has more than the payload shows; None where the app is not installed.

    Raises ShopifyError.
    """
    if not _is_cut_short(event.payload):
        return None
    try:
        return variants.of_product(event.shop.pk, payload_reader.identifier(event.payload, "id"))
    except NotInstalled:
        return None


def apply(event: Event, fetched: Sequence[Variant] | None = None) -> bool:
    """Make the product's links match its variants. Raises InvalidPayload."""
    product_id = int(payload_reader.identifier(event.payload, "id"))
    told = fetched
    if told is None:
        told = _variants(event.payload, product_id)
        # Every product has a variant, so a payload that names none, or not all, says nothing about them.
        if not told or _is_cut_short(event.payload):
            return False
    at = payload_reader.time(event.payload, "updated_at") or event.triggered_at
    return links.replace_product(event.shop.pk, product_id, told, at)


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
            # Nothing here says whether it is tracked: Shopify took that out of a product's webhook.
            sku=payload_reader.text(row, "sku") if "sku" in row else None,
            continues_selling=variants.continues_selling(row.get("inventory_policy")),
        )
        for row in payload_reader.rows(payload, "variants")
    ]
