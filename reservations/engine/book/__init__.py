"""The book: what a transaction of the engine locks, reads, decides on and writes.

:mod:`.locking` says what is locked and why. :mod:`.open_book` is the form that every transaction has.
"""

from . import reads
from .book import Book, ItemRow, ReservationRow
from .open_book import open_book, read_again
from .transaction import Query, committed_reads

__all__ = ["Book", "ItemRow", "Query", "ReservationRow", "committed_reads", "open_book", "read_again", "reads"]
