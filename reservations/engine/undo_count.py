"""Undo a count: move back what it moved, under a reference of its own."""

from reservations.models import MovementKind

from .book import Query, open_book
from .errors import UnknownSku

# What the count with this reference moved, and whether an undo of it is in the ledger: both in one pass over it.
_MOVED = """
SELECT coalesce(sum(m.on_hand_delta) FILTER (WHERE m.reference = %(undone)s), 0),
    coalesce(sum(m.in_flight_delta) FILTER (WHERE m.reference = %(undone)s), 0),
    count(*) FILTER (WHERE m.reference = %(by)s)
FROM reservations_stockmovement AS m
JOIN reservations_stockitem AS i ON i.id = m.stock_item_id AND i.shop_id = m.shop_id
WHERE m.shop_id = %(shop)s AND i.sku = %(sku)s AND m.kind = 'count' AND m.reference IN (%(undone)s, %(by)s)
"""


def undo_count(shop_id: int, sku: str, reference: str, *, as_reference: str) -> bool:
    """Undo what the counts of `sku` with this `reference` moved; False if they moved nothing or were undone before.

    Later sales and counts stand. The item keeps the age of its last count, so that no older one comes in again. Raises
    UnknownSku, Busy, Unavailable and OutcomeUnknown.
    """
    moved = Query(_MOVED, {"undone": reference, "by": as_reference, "shop": shop_id, "sku": sku})
    with open_book(shop_id, skus=[sku], after=[moved]) as book:
        item = book.by_sku.get(sku)
        if item is None:
            raise UnknownSku(sku)
        on_hand, in_flight, undone = moved.rows[0]
        if undone or not (on_hand or in_flight):
            return False
        book.move(item, MovementKind.COUNT, on_hand=-on_hand, in_flight=-in_flight, reference=as_reference)
    return True
