"""Open a shortfall: lock the SKU of which an order lacks units, for a person who decides about them."""

from collections.abc import Iterator
from contextlib import contextmanager

from .book import Book, ShortfallRow, open_book, reads
from .errors import UnknownSku


@contextmanager
def open_shortfall(shop_id: int, order_id: str, sku: str) -> Iterator[tuple[Book, ShortfallRow | None]]:
    """Yield the book on `sku` and what the order lacks of it; None if it lacks nothing, or a person resolved that.

    Raises UnknownSku, Busy, Unavailable and OutcomeUnknown; an error in the block undoes all.
    """
    recorded = reads.shortfalls_of(shop_id, order_id)
    with open_book(shop_id, skus=[sku], after=[recorded]) as book:
        if sku not in book.by_sku:
            raise UnknownSku(sku)
        row = next(iter(reads.know_shortfalls(book, recorded)), None)
        yield book, row if row is not None and row.units and not row.is_resolved else None
