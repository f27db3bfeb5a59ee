"""Stock: the numbers of one SKU, by a committed read without a lock."""

from .book import committed_reads
from .errors import UnknownSku
from .values import Stock

# One statement, so one moment: a dead hold's units read free, whether or not a job has written that down. The clock
# stands in a subquery, which runs once; called bare it is volatile, and the planner uses no index for it.
_STOCK = """
SELECT i.sku, i.on_hand, i.reserved - (
        SELECT coalesce(sum(r.quantity), 0) FROM reservations_reservation AS r
        WHERE r.shop_id = i.shop_id AND r.stock_item_id = i.id AND r.ended_at IS NULL
            AND r.expires_at <= (SELECT clock_timestamp())
    ), i.in_flight, i.counted_at, i.owed, i.in_doubt, i.doubt_until,
    i.sells_without_stock
FROM reservations_stockitem AS i WHERE i.shop_id = %s AND i.sku = %s
"""


def stock(shop_id: int, sku: str) -> Stock:
    """The numbers of one SKU. Raises UnknownSku, Busy and Unavailable."""
    with committed_reads() as statements:
        rows = statements.fetch(_STOCK, (shop_id, sku))
    if not rows:
        raise UnknownSku(sku)
    return Stock(*rows[0])
