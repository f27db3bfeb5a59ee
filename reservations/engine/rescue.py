"""Rescue: a paid order that lacks units gets the next free ones, the oldest payment first.

Every transaction of the engine does that for the rows that it has locked (:func:`.book.free_units.serve`), so nobody
has to ask for it. This module does it for rows that no transaction touches: after a merchant has switched it on or off,
and after an older release has written a shortfall. A person may also give units to one order, whosever turn it is.
"""

from .book import Query, committed_reads, free_units, open_book
from .open_shortfall import open_shortfall

# Only items with open shortfalls, and those that owe units by their row: two short walks along indexes of their own.
_TO_SERVE = """
WITH waiting AS (
    SELECT stock_item_id AS id, sum(quantity) AS units FROM reservations_shortfall
    WHERE shop_id = %(shop)s AND resolved_at IS NULL AND quantity > 0 AND kept_out_by = '' GROUP BY stock_item_id
), named AS (
    SELECT id FROM waiting UNION SELECT id FROM reservations_stockitem WHERE shop_id = %(shop)s AND owed > 0
)
SELECT i.id
FROM named
JOIN reservations_stockitem AS i ON i.shop_id = %(shop)s AND i.id = named.id
JOIN reservations_shop AS s ON s.id = i.shop_id
LEFT JOIN waiting ON waiting.id = i.id
CROSS JOIN LATERAL (SELECT CASE WHEN s.rescue_paid_orders THEN coalesce(waiting.units, 0) ELSE 0 END AS owed) AS said
WHERE i.owed <> said.owed OR (said.owed > 0 AND (i.sells_without_stock OR i.on_hand - i.reserved - i.in_flight > 0))
ORDER BY i.id LIMIT %(limit)s
"""
_WAITING = """
SELECT stock_item_id, sum(quantity) FROM reservations_shortfall
WHERE shop_id = %s AND stock_item_id = ANY(%s) AND resolved_at IS NULL AND quantity > 0 AND kept_out_by = ''
GROUP BY stock_item_id
"""
# One transaction's worth of SKUs.
BATCH = 100


def rescue(shop_id: int, *, limit: int = BATCH) -> int:
    """Count anew what up to `limit` SKUs owe to paid orders, give them what is free, and return how many SKUs.

    A shop that has switched it off owes nothing. Raises Busy, Unavailable and OutcomeUnknown.
    """
    with committed_reads() as statements:
        item_ids = [row[0] for row in statements.fetch(_TO_SERVE, {"shop": shop_id, "limit": limit})]
    if not item_ids:
        return 0
    waiting = Query(_WAITING, (shop_id, item_ids))
    # Whoever has a row locked serves it at the end of their transaction.
    with open_book(shop_id, item_ids=item_ids, skip_locked=True, after=[waiting]) as book:
        units = {row[0]: int(row[1]) for row in waiting.rows} if book.rules.rescues else {}
        for item in book.items.values():
            book.owe(item, units.get(item.id, 0))
    return len(book.items)


def rescue_by_hand(shop_id: int, order_id: str, sku: str, *, by: str) -> int:
    """Give free units of `sku` to this order, up to what it lacks, whosever turn it is; returns how many there were.

    The ledger names the order and the person (`by`). Raises UnknownSku, Busy, Unavailable and OutcomeUnknown.
    """
    with open_shortfall(shop_id, order_id, sku) as (book, row):
        if row is None:
            return 0
        free_units.reclaim(book, row.item, row.units, unless=order_id)
        units = row.item.sellable(row.units)
        if units:
            book.rescue(row, units, by=by)
    return units
