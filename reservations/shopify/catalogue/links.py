"""Links: which variants at Shopify carry which SKU.

A link keeps the variant's SKU exactly as written there, whether or not the stock has an item for it.
:mod:`.link_report` reads from the links what the merchant has to know.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from plumbing import database_clock
from reservations.models import SkuLink
from reservations.models.stock import MAX_SKU_LENGTH
from reservations.shopify.client import admin_api
from reservations.shopify.client.global_ids import global_id, number
from reservations.shopify.errors import ShopifyError

logger = logging.getLogger(__name__)

_CHUNK = 500
_WRITTEN = ("product_id", "inventory_item_id", "sku", "tracked", "synced_at")


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant as Shopify reports it."""

    variant_id: int
    product_id: int | None
    inventory_item_id: int | None
    sku: str
    tracked: bool


def sync_links(shop_id: int) -> int:
    """Read the whole catalogue, page by page, and make the links match it; returns how many variants there are.

    Raises NotInstalled, NeedsReopen, Unreachable and ShopifyError; the links read until then stay.
    """
    started: datetime = database_clock.now()
    total = 0
    for page in _pages(shop_id, "variants", {}):
        total += len(page)
        _write(shop_id, page, started)
    # A link that we did not see is gone, unless a webhook has renewed it meanwhile.
    gone, _ = SkuLink.objects.filter(shop=shop_id, synced_at__lt=started).delete()
    logger.info("shop %s: %s variants linked, %s gone", shop_id, total, gone)
    return total


def variants_of_product(shop_id: int, product_id: str) -> list[Variant]:
    """All variants of one product. Raises what :func:`sync_links` raises."""
    pages = _pages(shop_id, "product_variants", {"id": global_id("Product", product_id)})
    return [variant for page in pages for variant in page]


def replace_product(shop_id: int, product_id: int, variants: Sequence[Variant], at: datetime) -> bool:
    """Make the product's links match `variants` as of `at`; False when nothing changed or we knew newer."""
    known = {link.variant_id: link for link in SkuLink.objects.filter(shop=shop_id, product_id=product_id)}
    wanted = {variant.variant_id for variant in variants}
    news = [variant for variant in variants if _is_news(variant, known.get(variant.variant_id), at)]
    gone = [pk for pk, link in known.items() if pk not in wanted and link.synced_at <= at]
    _write(shop_id, news, at)
    SkuLink.objects.filter(shop=shop_id, variant_id__in=gone).delete()
    return bool(news or gone)


def rename_item(shop_id: int, inventory_item_id: int, sku: str, at: datetime, *, tracked: bool) -> bool:
    """Give the variants of an inventory item its SKU as of `at`; False when nothing changed or we knew newer."""
    links = SkuLink.objects.filter(shop=shop_id, inventory_item_id=inventory_item_id, synced_at__lte=at)
    changed = links.exclude(sku=_fitting(sku), tracked=tracked)
    return changed.update(sku=_fitting(sku), tracked=tracked, synced_at=at) > 0


def _is_news(variant: Variant, known: SkuLink | None, at: datetime) -> bool:
    if known is None:
        return True
    told = (variant.inventory_item_id, _fitting(variant.sku), variant.tracked)
    return known.synced_at <= at and told != (known.inventory_item_id, known.sku, known.tracked)


def _write(shop_id: int, variants: Sequence[Variant], at: datetime) -> None:
    """Write links in the order of their variants, so that two writers never wait in a ring.

    Of two links for one variant the last counts: PostgreSQL refuses an upsert that touches a row twice.
    """
    rows = [
        SkuLink(
            shop_id=shop_id,
            variant_id=variant.variant_id,
            product_id=variant.product_id,
            inventory_item_id=variant.inventory_item_id,
            sku=_fitting(variant.sku),
            tracked=variant.tracked,
            synced_at=at,
        )
        for _, variant in sorted({variant.variant_id: variant for variant in variants}.items())
    ]
    with transaction.atomic():
        SkuLink.objects.bulk_create(
            rows, _CHUNK, update_conflicts=True, unique_fields=["shop", "variant_id"], update_fields=_WRITTEN
        )


def _pages(shop_id: int, name: str, variables: dict[str, Any]) -> Iterator[list[Variant]]:
    after = None
    while True:
        data = admin_api.call(shop_id, name, {**variables, "after": after})
        found = _connection(data)
        if found is None:
            return
        yield [_variant(node) for node in found["nodes"] if number(node.get("id"))]
        if not found["pageInfo"]["hasNextPage"]:
            return
        after = found["pageInfo"]["endCursor"]


def _connection(data: dict[str, Any]) -> dict[str, Any] | None:
    """The page of variants, None where Shopify knows no such product. Raises ShopifyError for an answer without one."""
    owner = data.get("product") if "product" in data else {"variants": data.get("productVariants")}
    if owner is None:
        return None
    found = owner.get("variants")
    if not isinstance(found, dict):
        # An empty catalogue has an empty page. An answer without a page, if we took it for one, would unlink every SKU.
        raise ShopifyError("an answer without variants")
    return found


def _variant(node: dict[str, Any]) -> Variant:
    item = node.get("inventoryItem") or {}
    return Variant(
        variant_id=int(number(node["id"])),
        product_id=_int(number((node.get("product") or {}).get("id"))),
        inventory_item_id=_int(number(item.get("id"))),
        sku=node.get("sku") or "",
        tracked=item.get("tracked") is not False,
    )


def _int(text: str) -> int | None:
    return int(text) if text else None


def _fitting(sku: str) -> str:
    """The SKU if the stock could store it, else "": a longer one links to nothing."""
    return sku if len(sku) <= MAX_SKU_LENGTH and "\0" not in sku else ""
