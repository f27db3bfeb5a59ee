"""Links: which variants at Shopify carry which SKU.

A link keeps the variant's SKU exactly as written there, whether or not the stock has an item for it.
:mod:`.link_report` reads from the links what the merchant has to know.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, F, QuerySet, Value, When

from plumbing import sql
from reservations.models import SkuLink
from reservations.models.stock import MAX_SKU_LENGTH

from .variants import Variant

# In the order of the variants, so that two writers never wait in a ring. `sku_since` moves only with the SKU: it says
# whether a sale came before its variant had a link. Webhooks and walks overtake each other; what was read last stands.
_WRITE = """
INSERT INTO reservations_skulink AS l
    (shop_id, variant_id, product_id, inventory_item_id, sku, tracked, synced_at, sku_since)
SELECT %(shop)s, v.variant_id, v.product_id, v.inventory_item_id, v.sku, v.tracked, %(at)s, %(at)s
FROM unnest(%(variants)s::bigint[], %(products)s::bigint[], %(items)s::bigint[], %(skus)s::text[], %(tracked)s::bool[])
    AS v(variant_id, product_id, inventory_item_id, sku, tracked)
ORDER BY v.variant_id
ON CONFLICT (shop_id, variant_id) DO UPDATE
SET product_id = excluded.product_id, inventory_item_id = excluded.inventory_item_id, sku = excluded.sku,
    tracked = excluded.tracked, synced_at = excluded.synced_at,
    sku_since = CASE WHEN l.sku = excluded.sku THEN l.sku_since ELSE excluded.sku_since END
WHERE l.synced_at <= excluded.synced_at
"""


def write(shop_id: int, variants: Sequence[Variant], at: datetime) -> None:
    """Make a link for each variant as of `at`; what we know from later stays.

    Of two rows for one variant the last counts: PostgreSQL refuses an upsert that touches a row twice.
    """
    rows = list({variant.variant_id: variant for variant in variants}.values())
    columns = {
        "variants": [row.variant_id for row in rows],
        "products": [row.product_id for row in rows],
        "items": [row.inventory_item_id for row in rows],
        "skus": [_fitting(row.sku) for row in rows],
        "tracked": [row.tracked for row in rows],
    }
    if rows:
        sql.execute(_WRITE, {"shop": shop_id, "at": at, **columns})


def forget_unseen(shop_id: int, since: datetime) -> int:
    """Delete the links that nothing has renewed since then, and return how many they were."""
    gone, _ = SkuLink.objects.filter(shop=shop_id, synced_at__lt=since).delete()
    return gone


def replace_product(shop_id: int, product_id: int, variants: Sequence[Variant], at: datetime) -> bool:
    """Make the product's links match `variants` as of `at`; False when nothing changed or we knew newer."""
    known = {link.variant_id: link for link in SkuLink.objects.filter(shop=shop_id, product_id=product_id)}
    wanted = {variant.variant_id for variant in variants}
    # Shopify sends a product whole at any change, often of a text or a price: links that say the same are not written.
    news = [variant for variant in variants if _is_news(variant, known.get(variant.variant_id), at)]
    gone = [pk for pk, link in known.items() if pk not in wanted and link.synced_at <= at]
    write(shop_id, news, at)
    SkuLink.objects.filter(shop=shop_id, variant_id__in=gone).delete()
    return bool(news or gone)


def rename_item(shop_id: int, inventory_item_id: int, sku: str, at: datetime, *, tracked: bool) -> bool:
    """Give the variants of an inventory item its SKU as of `at`; False when nothing changed or we knew newer."""
    name = _fitting(sku)
    links: QuerySet[SkuLink] = SkuLink.objects.filter(
        shop=shop_id, inventory_item_id=inventory_item_id, synced_at__lte=at
    )
    # The SKU keeps its age where only `tracked` has changed.
    since = Case(When(sku=name, then=F("sku_since")), default=Value(at))
    changed = links.exclude(sku=name, tracked=tracked)
    return changed.update(sku=name, tracked=tracked, synced_at=at, sku_since=since) > 0


def _is_news(variant: Variant, known: SkuLink | None, at: datetime) -> bool:
    if known is None:
        return True
    told = (variant.inventory_item_id, _fitting(variant.sku), variant.tracked)
    return known.synced_at <= at and told != (known.inventory_item_id, known.sku, known.tracked)


def _fitting(sku: str) -> str:
    """The SKU if the stock could store it, else "": a longer one links to nothing."""
    return sku if len(sku) <= MAX_SKU_LENGTH and "\0" not in sku else ""
