"""Find the inventory items that do not show at Shopify what they should."""

from collections.abc import Sequence

from django.db import connection

from reservations.models import InventoryMode, Shop

# We leave a level alone that has just moved: what moved it may be an order whose webhook is on its way.
GRACE_SECONDS = 3
# After so long without news we read a level anew: a webhook may have got lost.
LOOK_AGAIN_SECONDS = 86_400

# Several variants may share an inventory item, and several items a SKU: each item shows the units of its SKU. We
# publish nothing for a SKU that was never counted, nor for an item that Shopify does not track or has not told us about
# yet. What sells without stock goes below zero at Shopify too, and nobody can write such a number there: we leave its
# level alone until there are units again. A call that was sent and not answered is due at once: only the same call,
# sent again, tells whether Shopify carried it out.
#
# Holds of carts are left out: Shopify takes a unit off when it is ordered, and a cart is no order. But it takes one off
# for an order that awaits its payment too, and keeps it until that order is cancelled there, however long ago its time
# ended here: so we subtract what such orders keep committed, or Shopify would count it twice. We subtract what paid
# orders still lack because carts hold it, too: they are owed it, and Shopify has taken it off. Where both numbers are
# below one, we leave the level alone: we could only write 0, which tells Shopify of units that nobody has.
_COMMITTED = """
WITH committed AS MATERIALIZED (
    SELECT c.key AS sku, sum(c.value::int) AS units
    FROM reservations_shopifyorder AS o CROSS JOIN LATERAL jsonb_each_text(o.committed) AS c
    WHERE o.shop_id = %(shop)s AND NOT (o.committed = '{}'::jsonb) GROUP BY c.key
)
"""
_DUE = (
    _COMMITTED
    + """
SELECT DISTINCT l.inventory_item_id, s.inventory_location_id
FROM reservations_shop AS s
JOIN reservations_shopifyinstallation AS a ON a.shop_id = s.id AND a.state = 'installed'
JOIN reservations_skulink AS l
    ON l.shop_id = s.id AND l.tracked AND l.tracked_at IS NOT NULL AND l.inventory_item_id IS NOT NULL
JOIN reservations_stockitem AS i ON i.shop_id = l.shop_id AND i.sku = l.sku AND i.counted_at IS NOT NULL
LEFT JOIN committed ON committed.sku = i.sku
CROSS JOIN LATERAL (SELECT i.on_hand - i.in_flight - i.owed - coalesce(committed.units, 0) AS units) AS target
LEFT JOIN reservations_publishedlevel AS p
    ON p.shop_id = s.id AND p.inventory_item_id = l.inventory_item_id AND p.location_id = s.inventory_location_id
CROSS JOIN LATERAL (SELECT clock_timestamp() AS now) AS clock
WHERE s.id = %(shop)s AND s.inventory_mode = 'publish' AND NOT s.native_channel
    AND (NOT i.sells_without_stock OR target.units >= 0)
    AND (p.claimed_until IS NULL OR p.claimed_until <= clock.now) AND (p.retry_at IS NULL OR p.retry_at <= clock.now)
    AND (p.pending_key IS NOT NULL OR p.seen IS NULL OR greatest(0, p.seen) <> greatest(0, target.units)
        OR p.seen_at <= clock.now - make_interval(secs => %(look_again)s))
    AND (p.pending_key IS NOT NULL OR p.seen_at IS NULL OR p.seen_at <= clock.now - make_interval(secs => %(grace)s))
ORDER BY 1 LIMIT %(limit)s
"""
)
_TARGETS = (
    _COMMITTED
    + """
SELECT DISTINCT ON (l.inventory_item_id) l.inventory_item_id, greatest(0, target.units)
FROM reservations_shop AS s
JOIN reservations_skulink AS l
    ON l.shop_id = s.id AND l.tracked AND l.tracked_at IS NOT NULL AND l.inventory_item_id = ANY(%(items)s)
JOIN reservations_stockitem AS i ON i.shop_id = l.shop_id AND i.sku = l.sku AND i.counted_at IS NOT NULL
LEFT JOIN committed ON committed.sku = i.sku
CROSS JOIN LATERAL (SELECT i.on_hand - i.in_flight - i.owed - coalesce(committed.units, 0) AS units) AS target
WHERE s.id = %(shop)s AND s.inventory_mode = 'publish' AND NOT s.native_channel
    AND s.inventory_location_id = %(location)s AND (NOT i.sells_without_stock OR target.units >= 0)
ORDER BY l.inventory_item_id, i.id
"""
)


def due_levels(shop_id: int, limit: int) -> list[tuple[int, int]]:
    """Up to `limit` levels (inventory item, location) that are stale and that nobody else writes."""
    named = {"shop": shop_id, "limit": limit, "grace": GRACE_SECONDS, "look_again": LOOK_AGAIN_SECONDS}
    with connection.cursor() as cursor:
        cursor.execute(_DUE, named)
        return [(row[0], row[1]) for row in cursor.fetchall()]


def target_levels(shop_id: int, location_id: int, items: Sequence[int]) -> dict[int, int]:
    """The units by item that Shopify should show as available, without items that are not ours to write."""
    with connection.cursor() as cursor:
        cursor.execute(_TARGETS, {"shop": shop_id, "location": location_id, "items": list(items)})
        return dict(cursor.fetchall())


def shops_with_due_levels() -> list[int]:
    """The shops that have at least one such level."""
    publishing = Shop.objects.filter(inventory_mode=InventoryMode.PUBLISH, native_channel=False).order_by("pk")
    return [shop_id for shop_id in publishing.values_list("pk", flat=True) if due_levels(shop_id, 1)]
