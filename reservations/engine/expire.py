"""Expire: write down which holds are dead. Their units were free before; this makes the counters say so."""

import logging

from reservations.models import Shop

from .batch import finish
from .book import locking, reads
from .book.transaction import reading_session, transaction_session
from .errors import Busy

logger = logging.getLogger(__name__)

_WITH_DEAD = """
SELECT DISTINCT stock_item_id FROM (
    SELECT stock_item_id FROM reservations_reservation
    WHERE shop_id = %s AND status = 'active' AND expires_at <= (SELECT clock_timestamp())
    ORDER BY expires_at LIMIT %s
) AS dead
"""
# A transaction's worth of holds: the rows of their SKUs stay locked while they are written.
BATCH = 500


def expire(shop_id: int, *, limit: int = BATCH) -> int:
    """Expire up to `limit` dead holds of a shop and say how many; rows that are in use are left for the next round.

    Raises Busy, Unavailable and OutcomeUnknown.
    """
    with reading_session() as session:
        item_ids = [row[0] for row in session.fetch(_WITH_DEAD, (shop_id, limit))]
    if not item_ids:
        return 0
    expired = 0
    lock = locking.statement(locking.by_id, 1, skip_locked=True)
    with transaction_session() as session:
        locked = reads.lock(session, shop_id, lock, item_ids)
        book = reads.open_book(session, shop_id, locked)
        for item in book.items.values():
            for held in book.reclaimable(item):
                if expired == limit:
                    break
                book.expire(book.know(held))
                expired += 1
        finish(session, book)
    return expired


def expire_all() -> int:
    """Expire what is dead in every shop, shop by shop, until a round finds nothing that it can take.

    A shop whose rows are not had in time is left for the next round, and stands in no other shop's way. Raises
    Unavailable and OutcomeUnknown.
    """
    total = 0
    for shop_id in Shop.objects.order_by("pk").values_list("pk", flat=True):
        try:
            while expired := expire(shop_id):
                total += expired
        except Busy:
            logger.warning("shop %s is busy: its dead holds are left for the next round", shop_id)
    return total
