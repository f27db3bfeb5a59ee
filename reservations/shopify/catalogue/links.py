"""Links: which variants at Shopify carry which SKU, and whether they sell without stock.

A link keeps the variant's SKU exactly as written there, whether or not the stock has an item for it.
:mod:`.link_report` reads from the links what the merchant has to know. Whoever changes links lets the stock items of
their SKUs follow (:func:`reservations.engine.follow_links`), in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Case, F, Q, QuerySet, Value, When

from plumbing import sql
from reservations import engine
from reservations.models import SkuLink
from reservations.models.stock import MAX_SKU_LENGTH

from .variants import Variant

# In the order of the variants, so that two writers never wait in a ring. `sku_since` moves only with the SKU: it says
# whether a sale came before its variant had a link. Webhooks and walks overtake each other; what was read last stands.
_WRITE = """
INSERT INTO reservations_skulink AS l
    (shop_id, variant_id, product_id, inventory_item_id, sku, tracked, synced_at, sku_since)
SELECT %(shop)s, v.variant_id, v.product_id, v.inventory_item_id, v.sku, true, %(at)s, %(at)s
FROM unnest(%(variants)s::bigint[], %(products)s::bigint[], %(items)s::bigint[], %(skus)s::text[])
    AS v(variant_id, product_id, inventory_item_id, sku)
ORDER BY v.variant_id
ON CONFLICT (shop_id, variant_id) DO UPDATE
SET product_id = excluded.product_id, inventory_item_id = coalesce(excluded.inventory_item_id, l.inventory_item_id),
    sku = excluded.sku, synced_at = excluded.synced_at,
    sku_since = CASE WHEN l.sku = excluded.sku THEN l.sku_since ELSE excluded.sku_since END
WHERE l.synced_at <= excluded.synced_at
"""
# NULL stands for what we were not told. Tracking and policy have ages of their own: an item's webhook tells the one, a
# product's the other, and the older of the two may come last. Ages are whole seconds, as webhooks tell them: what the
# merchant changes in the second of our walk is news.
_TRACKING = """
UPDATE reservations_skulink AS l SET tracked = v.told, tracked_at = date_trunc('second', %(at)s)
FROM unnest(%(variants)s::bigint[], %(tracked)s::bool[]) AS v(variant_id, told)
WHERE l.shop_id = %(shop)s AND l.variant_id = v.variant_id AND v.told IS NOT NULL
    AND (l.tracked_at IS NULL OR l.tracked_at <= %(at)s)
"""
_POLICY = """
UPDATE reservations_skulink AS l SET continues_selling = v.told, policy_at = date_trunc('second', %(at)s)
FROM unnest(%(variants)s::bigint[], %(continues)s::bool[]) AS v(variant_id, told)
WHERE l.shop_id = %(shop)s AND l.variant_id = v.variant_id AND v.told IS NOT NULL
    AND (l.policy_at IS NULL OR l.policy_at <= %(at)s)
"""


def write(shop_id: int, variants: Sequence[Variant], at: datetime) -> None:
    """Make a link for each variant as of `at`; newer knowledge stays. Raises what the engine raises.

    Of two rows for one variant the last counts: PostgreSQL refuses an upsert that touches a row twice.
    """
    rows = list({variant.variant_id: variant for variant in variants}.values())
    if not rows:
        return
    skus = [_fitting(row.sku or "") for row in rows]
    columns = {
        "shop": shop_id,
        "at": at,
        "variants": [row.variant_id for row in rows],
        "products": [row.product_id for row in rows],
        "items": [row.inventory_item_id for row in rows],
        "skus": skus,
        "tracked": [row.tracked for row in rows],
        "continues": [row.continues_selling for row in rows],
    }
    # The upsert locks every row, also one that it leaves as it is.
    for statement in (_WRITE, _TRACKING, _POLICY):
        sql.execute(statement, columns)
    engine.follow_links(shop_id, [sku for sku in skus if sku])


def forget_unseen(shop_id: int, since: datetime) -> int:
    """Delete the links that nothing has renewed since then, and return how many they were."""
    gone, _ = SkuLink.objects.filter(shop=shop_id, synced_at__lt=since).delete()
    return gone


def replace_product(shop_id: int, product_id: int, variants: Sequence[Variant], at: datetime) -> bool:
    """Make the product's links match `variants` as of `at`; False when nothing changed or we knew newer.

    Raises what the engine raises.
    """
    known = {link.variant_id: link for link in SkuLink.objects.filter(shop=shop_id, product_id=product_id)}
    wanted = {variant.variant_id for variant in variants}
    # Shopify sends a product whole at any change, often of a text or a price: links that say the same are not written.
    told = [_with_known_sku(variant, known.get(variant.variant_id)) for variant in variants]
    news = [variant for variant in told if _is_news(variant, known.get(variant.variant_id), at)]
    gone = [pk for pk, link in known.items() if pk not in wanted and link.synced_at <= at]
    SkuLink.objects.filter(shop=shop_id, variant_id__in=gone).delete()
    write(shop_id, news, at)
    if news or gone:
        # A SKU that lost a variant goes by what its other variants say.
        engine.follow_links(shop_id, sorted({link.sku for link in known.values() if link.sku}))
    return bool(news or gone)


def change_item(
    shop_id: int, inventory_item_id: int, at: datetime, *, sku: str | None = None, tracked: bool | None = None
) -> bool:
    """Give the variants of an inventory item its SKU and its tracking as of `at`; None leaves either as it is.

    False when nothing changed or we knew newer. Raises what the engine raises.
    """
    links: QuerySet[SkuLink] = SkuLink.objects.filter(shop=shop_id, inventory_item_id=inventory_item_id)
    skus = set(links.values_list("sku", flat=True))
    changed = 0
    if sku is not None:
        name = _fitting(sku)
        changed += (
            links.filter(synced_at__lte=at)
            .exclude(sku=name)
            .update(sku=name, synced_at=at, sku_since=Case(When(sku=name, then=F("sku_since")), default=Value(at)))
        )
        skus.add(name)
    if tracked is not None:
        older = links.filter(Q(tracked_at=None) | Q(tracked_at__lte=at))
        changed += older.exclude(tracked=tracked, tracked_at__isnull=False).count()
        older.update(tracked=tracked, tracked_at=at)
    if changed:
        engine.follow_links(shop_id, sorted(skus - {""}))
    return changed > 0


def _with_known_sku(variant: Variant, known: SkuLink | None) -> Variant:
    return replace(variant, sku=known.sku) if variant.sku is None and known is not None else variant


def _is_news(variant: Variant, known: SkuLink | None, at: datetime) -> bool:
    if known is None:
        return True
    told = (variant.inventory_item_id or known.inventory_item_id, _fitting(variant.sku or ""))
    is_newer = known.synced_at <= at and told != (known.inventory_item_id, known.sku)
    return (
        is_newer
        or _is_told_anew(at, variant.tracked, known.tracked, known.tracked_at)
        or _is_told_anew(at, variant.continues_selling, known.continues_selling, known.policy_at)
    )


def _is_told_anew(at: datetime, told: object, known: object, known_at: datetime | None) -> bool:
    return told is not None and (known_at is None or (known_at <= at and told != known))


def _fitting(sku: str) -> str:
    """The SKU if the stock could store it, else "": a longer one links to nothing."""
    return sku if len(sku) <= MAX_SKU_LENGTH and "\0" not in sku else ""
