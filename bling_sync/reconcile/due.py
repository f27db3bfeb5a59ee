"""When which product wants a reading."""

from datetime import datetime

from bling_sync import sql, timing

_AT = """
UPDATE bling_sync_product SET read_due_at = least(coalesce(read_due_at, 'infinity'), %s)
WHERE shop_id = %s AND id = %s
"""
_AFTER_CHANGE = """
UPDATE bling_sync_product
SET changed_at = greatest(changed_at, %(at)s),
    read_due_at = least(coalesce(read_due_at, 'infinity'), %(at)s::timestamptz + %(settle)s)
WHERE shop_id = %(shop)s AND id = %(product)s
"""
_NOW = """
UPDATE bling_sync_product
SET changed_at = clock_timestamp(), read_due_at = least(coalesce(read_due_at, 'infinity'), clock_timestamp())
WHERE shop_id = %s AND bling_id = ANY(%s)
"""
_ALL = """
UPDATE bling_sync_product SET read_due_at = least(coalesce(read_due_at, 'infinity'), clock_timestamp())
WHERE shop_id = %s AND stock_item_id IS NOT NULL
"""


def at(shop_id: int, product_id: int | None, moment: datetime) -> None:
    """A reading is wanted at `moment` or before."""
    sql.execute(_AT, [moment, shop_id, product_id])


def after_change(shop_id: int, product_id: int | None, moment: datetime) -> None:
    """We moved it at `moment`: a reading that began the settle time later shows it."""
    sql.execute(_AFTER_CHANGE, {"at": moment, "settle": timing.settle(), "shop": shop_id, "product": product_id})


def now(shop_id: int, bling_ids: list[int]) -> None:
    """Bling says that these products changed: read them at once, and again when the change must surely show."""
    sql.execute(_NOW, [shop_id, bling_ids])


def everything(shop_id: int) -> int:
    """Every linked product wants a reading; returns how many there are."""
    return sql.execute(_ALL, [shop_id])
