"""The book: what a transaction of the engine locks, reads, decides on and writes.

:mod:`.locking` says what is locked and why. :mod:`.open_book` is the form that every transaction has.
"""

from . import free_units, reads
from .book import Book
from .holder import OF_SHOP, Holder, holder_of
from .open_book import open_book, read_again
from .rows import ItemRow, ReservationRow, ShortfallRow
from .transaction import Query, committed_reads

__all__ = [
    "OF_SHOP",
    "Book",
    "Holder",
    "ItemRow",
    "Query",
    "ReservationRow",
    "ShortfallRow",
    "committed_reads",
    "free_units",
    "holder_of",
    "open_book",
    "read_again",
    "reads",
]
