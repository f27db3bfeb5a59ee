"""Release all: a shop leaves, and whatever it still holds is given back."""

from reservations.models import Status

from .batch import finish
from .book import locking, reads
from .book.transaction import reading_session, transaction_session

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
        with reading_session() as session:
            item_ids = [row[0] for row in session.fetch(_WITH_HOLDS, (shop_id, batch))]
        if not item_ids:
            return ended
        ended += _release(shop_id, item_ids, reason)


def _release(shop_id: int, item_ids: list[int], reason: str) -> int:
    lock = locking.statement(locking.by_id, 1)
    with transaction_session() as session:
        locked = reads.lock(session, shop_id, lock, item_ids)
        book = reads.open_book(session, shop_id, locked, reads.of_items(session, shop_id, item_ids))
        held = [known for known in book.held.values() if known.status == Status.ACTIVE]
        for hold in held:
            if book.is_alive(hold):
                book.release(hold, reason)
            else:
                book.expire(hold)
        finish(session, book)
    return len(held)
