"""Expire: write down which holds are dead. Their units are free already; this makes the counters say so."""

import logging

from reservations.models import Shop

from .book import committed_reads, open_book
from .errors import Busy

logger = logging.getLogger(__name__)

# The inner LIMIT takes the longest dead first, by the index on `expires_at`; many of them may be of one stock item.
# The clock stands in a subquery because the planner uses a volatile function for no index scan.
_WITH_DEAD = """
SELECT DISTINCT stock_item_id FROM (
    SELECT stock_item_id FROM reservations_reservation
    WHERE shop_id = %s AND status = 'active' AND ended_at IS NULL AND expires_at <= (SELECT clock_timestamp())
    ORDER BY expires_at LIMIT %s
) AS dead
"""
# One transaction's worth of holds: it locks their SKUs' rows for as long as it writes.
BATCH = 500


def expire(shop_id: int, *, limit: int = BATCH) -> int:
    """Expire up to `limit` dead holds of a shop and return how many; a row that another locks waits for the next round.

    Raises Busy, Unavailable and OutcomeUnknown.
    """
    with committed_reads() as statements:
        item_ids = [row[0] for row in statements.fetch(_WITH_DEAD, (shop_id, limit))]
    if not item_ids:
        return 0
    expired = 0
    # A transaction that has the row locked expires its dead holds itself if it needs their units: nothing to wait for.
    with open_book(shop_id, item_ids=item_ids, skip_locked=True) as book:
        for item in book.items.values():
            for row in book.dead_holds(item):
                if expired == limit:
                    break
                book.expire(book.know(row))
                expired += 1
    return expired


def expire_all() -> int:
    """Expire the dead holds of every shop, shop by shop, until a round finds none that it can lock.

    A shop whose rows others keep locked waits for the next round and delays no other shop. Raises Unavailable and
    OutcomeUnknown.
    """
    total = 0
    for shop_id in Shop.objects.order_by("pk").values_list("pk", flat=True):
        try:
            while expired := expire(shop_id):
                total += expired
        except Busy:
            logger.warning("shop %s is busy: its dead holds are left for the next round", shop_id)
    return total
