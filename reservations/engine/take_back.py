"""Take back: units of an order come back to be sold again."""

from reservations.erp import Return
from reservations.models import MovementKind, Status

from . import loading, locking
from .batch import finish
from .book import Book, Item
from .errors import UnknownSku
from .session import transaction_session

_SEEN = """
SELECT 1 FROM reservations_stockmovement
WHERE shop_id = %s AND stock_item_id IN (SELECT id FROM reservations_stockitem WHERE shop_id = %s AND sku = %s)
    AND kind = 'taken_back' AND reference = %s
"""


def take_back(shop_id: int, order_id: str, sku: str, quantity: int, *, reference: str) -> int:
    """Return `quantity` units of `sku` that order `order_id` bought, and say how many really came back.

    Never more than the order still has, and nothing for a `reference` (of a refund's line, say) that was seen before:
    no unit comes back twice. Raises UnknownSku, Busy, Unavailable and OutcomeUnknown.
    """
    lock = locking.statement(locking.by_sku, 1)
    with transaction_session() as session:
        locked = loading.lock(session, shop_id, lock, [sku])
        sales = loading.of_orders(session, shop_id, [order_id])
        seen = session.queue(_SEEN, (shop_id, shop_id, sku, reference))
        book = loading.open_book(session, shop_id, locked, sales)
        item = book.by_sku.get(sku)
        if item is None:
            raise UnknownSku(sku)
        returned = 0 if seen.fetchall() else _return(book, item, quantity, order_id, reference)
        finish(session, book)
    return returned


def _return(book: Book, item: Item, quantity: int, order_id: str, reference: str) -> int:
    returned = 0
    for sale in [h for h in book.held.values() if h.item is item and h.status == Status.CONFIRMED]:
        units = min(quantity - returned, sale.quantity - sale.returned)
        if units > 0:
            book.take_back(sale, units)
            book.returns.append(Return(sale.id, item.id, item.sku, units, order_id, reference, book.now))
            returned += units
    # A return that found nothing to return is written down too, so that its reference stays used.
    book.move(item, MovementKind.TAKEN_BACK, in_flight=-returned, reference=reference)
    return returned
