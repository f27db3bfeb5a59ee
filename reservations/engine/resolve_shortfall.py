"""Resolve a shortfall: a person has agreed with the buyer about units that the stock could not give."""

from reservations.models import MovementKind

from .book.book import LONGEST_REFERENCE
from .open_shortfall import open_shortfall

_RESOLVE = """
UPDATE reservations_shortfall AS s SET resolved_at = %s, resolved_by = %s, resolution = %s
WHERE s.shop_id = %s AND s.stock_item_id = %s AND s.order_id = %s
"""


def resolve_shortfall(shop_id: int, order_id: str, sku: str, *, by: str, reason: str) -> bool:
    """Close what order `order_id` lacks of `sku`: paid back, or sent from elsewhere. False if nothing was open.

    No number of the stock changes, now or later: the stock owes these units no more. The ledger gets a row without
    deltas that names the order, the person (`by`) and the `reason`, cut to 255 characters; the shortfall keeps both
    whole (at most 200 and 255 characters). If the order lacks *more* units afterwards, its shortfall opens again.
    Raises UnknownSku, Busy, Unavailable and OutcomeUnknown.
    """
    with open_shortfall(shop_id, order_id, sku) as (book, row):
        if row is None:
            return False
        book.transaction.queue(_RESOLVE, (book.now, by, reason, shop_id, row.item.id, order_id))
        book.resolve(row)
        reference = f"{order_id}: {by}: {reason}"[:LONGEST_REFERENCE]
        book.move(row.item, MovementKind.SETTLED, reference=reference)
    return True
