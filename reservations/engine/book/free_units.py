"""Free units: what the clock has freed is written down as far as somebody needs it, and paid orders come first."""

from collections.abc import Callable

from reservations.models import Status

from .book import Book
from .rows import ItemRow, ShortfallRow


def serve(book: Book, item: ItemRow, *, keep: int = 0, unless: str = "") -> None:
    """Give the free units of `item`, those of dead holds too, to the paid orders that lack them, in turn.

    `keep` units stay out of it, because they are another's already, and so does the order `unless`.
    """
    if not item.owed or not book.rules.rescues:
        return
    if not item.sells_without_stock:
        _expire_dead(book, item, lambda: item.available >= item.owed + keep)
    free = item.sellable(item.owed, keep=keep)
    if not free:
        return
    for row in _in_turn(book, item, free):
        if row.order_id != unless and row.owed:
            book.rescue(row, units := min(free, row.owed))
            free -= units
        if not free:
            return
    if not unless:  # units are left, so nobody waits, whatever the item's row said
        book.owe(item, 0)


def reclaim(book: Book, item: ItemRow, units: int, *, keep: int = 0, unless: str = "") -> None:
    """Expire dead holds of `item`, oldest first, until `units` are available or none is left.

    Paid orders that lack units come first; see :func:`serve`.
    """
    if item.owed:
        serve(book, item, keep=keep, unless=unless)
    _expire_dead(book, item, lambda: item.available >= units)


def expire_anonymous(book: Book, item: ItemRow, most: int) -> None:
    """Expire dead holds of `item` until shoppers without a customer number hold at most so many units, if they can."""
    _expire_dead(book, item, lambda: item.anonymous <= most)


def _expire_dead(book: Book, item: ItemRow, is_enough: Callable[[], bool]) -> None:
    # No further than needed: writing a thousand dead holds down would keep the row locked for all others.
    if is_enough():
        return
    for row in book.dead_holds(item):
        known = book.know(row)
        if known.status == Status.ACTIVE and not book.is_alive(known):
            book.expire(known)
        if is_enough():
            return


def _in_turn(book: Book, item: ItemRow, units: int) -> list[ShortfallRow]:
    """The shortfalls of `item` in turn: enough of them for `units` units."""
    # The table does not know what this book has changed, so it is asked for as many more.
    for row in book.in_turn(item, units + len(book.changed_shortfalls)):
        book.know_shortfall(row)
    return sorted((row for row in book.shortfalls.values() if row.item is item), key=lambda row: row.turn)
