"""Resolve a shortfall: a person has settled with the buyer what the stock could not give."""

from reservations.models import MovementKind

from .batch import finish
from .book import locking, reads
from .book.transaction import transaction_session
from .errors import UnknownSku

LONGEST_REFERENCE = 255

_RESOLVE = """
UPDATE reservations_shortfall AS s SET resolved_at = %s, resolved_by = %s, resolution = %s
WHERE s.shop_id = %s AND s.stock_item_id = %s AND s.order_id = %s AND s.resolved_at IS NULL AND s.quantity > 0
RETURNING 1
"""


def resolve_shortfall(shop_id: int, order_id: str, sku: str, *, by: str, reason: str) -> bool:
    """Close what order `order_id` is missing of `sku`: paid back, sent from elsewhere. False: nothing was open.

    No number of the stock changes, and none does later for these units: they are the stock's debt no more. The ledger
    gets a row without deltas that names the order, `by` whom and why (`reason`), cut to its 255 characters; the
    shortfall keeps both whole (at most 200 and 255 characters). If the order is missing *more* units afterwards, its
    shortfall is open again. Raises UnknownSku, Busy, Unavailable and OutcomeUnknown.
    """
    lock = locking.statement(locking.by_sku, 1)
    with transaction_session() as session:
        book = reads.open_book(session, shop_id, reads.lock(session, shop_id, lock, [sku]))
        item = book.by_sku.get(sku)
        if item is None:
            raise UnknownSku(sku)
        if not session.fetch(_RESOLVE, (book.now, by, reason, shop_id, item.id, order_id)):
            return False
        reference = f"{order_id}: {by}: {reason}"[:LONGEST_REFERENCE]
        book.move(item, MovementKind.SETTLED, reference=reference)
        finish(session, book)
    return True
