"""An unpaid order: until its payment is due it holds its units, and buys none.

Its holds are like others, except that they name the order: the cart that they came from may hold anew. At
``expires_at`` they are dead by the database's clock, whether or not a job runs, and anybody may take their units. A
payment sells the holds that still live; if it comes too late for one, :func:`reservations.engine.settle` does what it
does for any paid order.
"""

from datetime import datetime

from .book import Book, ItemRow, ReservationRow, ShortfallRow, free_units
from .values import Order


def is_its_own(row: ReservationRow, order: Order) -> bool:
    """Whether the order, one of its carts or one of its lines names this reservation."""
    # A copied cart may name a hold that another order has taken over by now.
    if row.order_id:
        return row.order_id == order.order_id
    return row.cart_token in order.carts or row.id in order.holds


def live_holds(book: Book, item: ItemRow, order: Order) -> list[ReservationRow]:
    """The order's live holds of `item`: those that it has already, then others; of either its carts' first, by age."""
    own = [row for row in book.reservations.values() if row.item is item and book.is_alive(row)]
    # In full: rows come from the database in any order, and which of two holds goes must not depend on it.
    return sorted(
        (row for row in own if is_its_own(row, order)),
        key=lambda row: (not row.order_id, row.cart_token not in order.carts, row.created_at, row.id),
    )


def hold(book: Book, item: ItemRow, units: int, order: Order, until: datetime) -> int:
    """Let the order hold `units`, or as many as there are, `until` its payment is due; returns how many it holds.

    Units of its carts come first, then free ones that no paid order waits for. Past that time it holds nothing, and
    never anything of an item that sells without stock.
    """
    held, wanted = 0, units if until > book.now and not item.sells_without_stock else 0
    for row in live_holds(book, item, order):
        if held < wanted:
            _take(book, row, wanted - held, order, until)
            held += row.quantity
        elif row.order_id:
            book.release(row, order.order_id)
    if held < wanted:
        free_units.reclaim(book, item, wanted - held)
        free = max(0, min(wanted - held, item.available))
        if free:
            cart = order.carts[0] if order.carts else None
            book.hold(item, free, cart, order_id=order.order_id, until=until)
        held += free
    return held


def shortfall(before: ShortfallRow) -> int:
    """Units to record as lacking: an unpaid order is owed nothing, but what a person decided stays."""
    return before.units if before.is_resolved else 0


def _take(book: Book, row: ReservationRow, units: int, order: Order, until: datetime) -> None:
    # The whole hold is the order's, so we cut one that is too large to what the order needs.
    if row.quantity > units:
        book.set_quantity(row, units)
    if not row.order_id:
        book.hand_to_order(row, order.order_id, until)
    elif row.expires_at != until:
        book.set_expiry(row, until)
