"""Keep out: a person takes one order out of the queue for free units, or lets it in again."""

from .book import Query, open_book, reads

# The rows to lock: the SKUs of which the order lacks units.
_ITEMS = """
SELECT stock_item_id FROM reservations_shortfall
WHERE shop_id = %s AND order_id = %s AND resolved_at IS NULL AND quantity > 0
"""


def keep_out(shop_id: int, order_id: str, *, by: str) -> bool:
    """Take the order out of the queue with all that it lacks; its shortfalls name the person (`by`, not empty).

    False if it lacks nothing, or was kept out of all of it before. Raises Busy, Unavailable and OutcomeUnknown.
    """
    return _change(shop_id, order_id, by)


def let_in(shop_id: int, order_id: str) -> bool:
    """Let the order get the next free units again, in its turn, which has not changed meanwhile.

    False if it was not kept out. Raises Busy, Unavailable and OutcomeUnknown.
    """
    return _change(shop_id, order_id, "")


def _change(shop_id: int, order_id: str, by: str) -> bool:
    items, lacking = Query(_ITEMS, (shop_id, order_id)), reads.shortfalls_of(shop_id, order_id)
    changed = False
    with open_book(shop_id, item_ids=items, after=[lacking]) as book:
        for row in reads.know_shortfalls(book, lacking):
            if row.units and not row.is_resolved and bool(row.kept_out_by) != bool(by):
                book.keep_out(row, by)
                changed = True
    return changed
