"""Release all: a shop leaves, and whatever it still holds is given back."""

from reservations.models import Status

from .book import committed_reads, open_book, reads

_WITH_HOLDS = """
SELECT DISTINCT stock_item_id FROM reservations_reservation WHERE shop_id = %s AND status = 'active' LIMIT %s
"""
# A transaction's worth of SKUs.
BATCH = 100


def release_all(shop_id: int, *, reason: str = "", batch: int = BATCH) -> int:
    """Give back every live hold of a shop, write down the dead ones as expired, and say how many there were.

    `batch` SKUs are locked at once. Raises Busy, Unavailable and OutcomeUnknown; then the next call goes on.
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
        row = [known for known in book.reservations.values() if known.status == Status.ACTIVE]
        for hold in row:
            if book.is_alive(hold):
                book.release(hold, reason)
            else:
                book.expire(hold)
    return len(row)
