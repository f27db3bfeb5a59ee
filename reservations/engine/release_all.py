"""Release all: a shop leaves and gives back every hold."""

from reservations.models import Status

from .book import committed_reads, open_book, reads

_WITH_HOLDS = """
SELECT DISTINCT stock_item_id FROM reservations_reservation
WHERE shop_id = %s AND status = 'active' AND ended_at IS NULL LIMIT %s
"""
# One transaction's worth of SKUs.
BATCH = 100


def release_all(shop_id: int, *, reason: str = "", batch: int = BATCH) -> int:
    """Give back every live hold of a shop, write the dead ones down as expired, and return how many there were.

    One transaction locks `batch` SKUs. Raises Busy, Unavailable and OutcomeUnknown; the next call then goes on.
    """
    ended = 0
    while True:
        with committed_reads() as statements:
            item_ids = [row[0] for row in statements.fetch(_WITH_HOLDS, (shop_id, batch))]
        if not item_ids:
            return ended
        ended += _release(shop_id, item_ids, reason)


def _release(shop_id: int, item_ids: list[int], reason: str) -> int:
    with open_book(shop_id, reads.of_items(shop_id, item_ids), item_ids=item_ids) as book:
        active = [row for row in book.reservations.values() if row.status == Status.ACTIVE]
        for row in active:
            if book.is_alive(row):
                book.release(row, reason)
            else:
                book.expire(row)
    return len(active)
