"""Schedules readings: each request makes a product's next one due, never later than it was."""

from datetime import datetime, timedelta

from bling_sync import durations
from plumbing import sql

_AT = """
UPDATE bling_sync_product SET read_due_at = least(coalesce(read_due_at, 'infinity'), %s)
WHERE shop_id = %s AND id = %s
"""
_AFTER_CHANGE = """
UPDATE bling_sync_product
SET changed_at = greatest(changed_at, %(at)s),
    read_due_at = least(coalesce(read_due_at, 'infinity'), %(at)s::timestamptz + %(pause)s)
WHERE shop_id = %(shop)s AND id = %(product)s
"""
_NOW = """
UPDATE bling_sync_product
SET changed_at = clock_timestamp(), read_due_at = clock_timestamp()
WHERE shop_id = %s AND bling_id = ANY(%s)
"""
# In front of a round over all products that may be under way.
_FIRST = """
UPDATE bling_sync_product
SET read_due_at = least(coalesce(read_due_at, 'infinity'), clock_timestamp() - interval '1 hour')
WHERE shop_id = %s AND id = %s
"""
_ALL = """
UPDATE bling_sync_product SET read_due_at = least(coalesce(read_due_at, 'infinity'), clock_timestamp())
WHERE shop_id = %s AND stock_item_id IS NOT NULL
"""
# The pushes themselves say which product needs a reading, so no request can get lost: a lost answer that is
# ripe to be judged, and a sale that the last reading began too early to show. What Bling leaves out of its answers
# waits for the round over all products.
RIPE = """
SELECT p.product_id FROM bling_sync_push AS p
JOIN bling_sync_product AS q ON q.shop_id = p.shop_id AND q.id = p.product_id
WHERE p.shop_id = {shop} AND q.missing_since IS NULL AND q.stock_item_id IS NOT NULL AND (
    (p.state = 'unknown' AND p.escalated_at IS NULL AND p.unknown_at + %(grace)s <= clock_timestamp()
        AND (p.mode <> 'order' OR p.kind = 'return' OR p.bling_order_id IS NOT NULL)
        AND coalesce(q.read_started_at, '-infinity') < p.unknown_at + %(grace)s)
    OR (p.state = 'sent' AND p.effect_at + %(grace)s <= clock_timestamp()
        AND coalesce(q.read_started_at, '-infinity') < p.effect_at + %(grace)s))
"""
# Made of our own two texts; nothing from outside is in it.
_RIPE_NOW = f"""
UPDATE bling_sync_product SET read_due_at = least(coalesce(read_due_at, 'infinity'), clock_timestamp())
WHERE shop_id = %(shop)s AND id IN ({RIPE.format(shop="%(shop)s")})
"""  # noqa: S608


def request_by(shop_id: int, product_id: int | None, moment: datetime) -> None:
    """Make a reading due at `moment`, or leave an earlier one."""
    sql.execute(_AT, [moment, shop_id, product_id])


def request_first(shop_id: int, product_id: int) -> None:
    """Put this reading in front of all others, because a person waits for it."""
    sql.execute(_FIRST, [shop_id, product_id])


def request_after_change(shop_id: int, product_id: int | None, moment: datetime) -> None:
    """Schedule the readings after our own change at `moment`: early ones may show it, one after the grace time must.

    Soon, and not at once: in a burst one reading then serves many sales, whose calls need the pace.
    """
    sql.execute(_AFTER_CHANGE, {"at": moment, "pause": durations.READ_AFTER, "shop": shop_id, "product": product_id})


def request_read(shop_id: int, product_id: int | None, moment: datetime) -> None:
    """Schedule the reading of what Bling had at `moment` at the latest, perhaps for long: it may show it at once."""
    now = {"at": moment, "pause": timedelta(0), "shop": shop_id, "product": product_id}
    sql.execute(_AFTER_CHANGE, now)


def request_now(shop_id: int, bling_ids: list[int]) -> None:
    """Read these products at once, as Bling says that they changed, and again when the change must surely show.

    A product whose reading is under way is read once more: that reading began before the change.
    """
    sql.execute(_NOW, [shop_id, bling_ids])


def request_ripe(shop_id: int) -> int:
    """Make a reading due for every product whose pushes wait for one; returns how many."""
    return sql.execute(_RIPE_NOW, {"shop": shop_id, "grace": durations.grace()})


def request_all(shop_id: int) -> int:
    """Make a reading due for every linked product; returns how many."""
    return sql.execute(_ALL, [shop_id])
