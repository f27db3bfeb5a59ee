"""Apply a count: the ERP, or the merchant, says how many units there are."""

from datetime import datetime

from reservations.erp import backend
from reservations.models import MovementKind

from .book import Book, ItemRow, Query, open_book
from .follow_links import LINKS_SAY
from .values import Counted

# WHERE NOT EXISTS first: ON CONFLICT alone would draw an id from the sequence at every count of a known SKU.
_CREATE = f"""
INSERT INTO reservations_stockitem
    (shop_id, sku, on_hand, reserved, in_flight, ledger_position, created_at, sells_without_stock)
SELECT i.shop_id, i.sku, 0, 0, 0, 0, clock_timestamp(), {LINKS_SAY}
FROM (SELECT %s::bigint AS shop_id, %s AS sku) AS i
WHERE NOT EXISTS (SELECT FROM reservations_stockitem AS known WHERE known.shop_id = i.shop_id AND known.sku = i.sku)
ON CONFLICT (shop_id, sku) DO NOTHING
"""  # noqa: S608 - made of our own two texts
# Of the row that the book writes: a doubt concerns the count, and no sale moves it.
_DOUBT = """
UPDATE reservations_stockitem SET in_doubt = %s, doubt_until = %s
WHERE shop_id = %s AND id = %s AND (in_doubt, doubt_until) IS DISTINCT FROM (%s, %s)
"""


def apply_count(
    shop_id: int, sku: str, quantity: int, *, read_started_at: datetime | None = None, reference: str = ""
) -> Counted:
    """Set `on_hand` of `sku` to `quantity` units as read at `read_started_at` (None: now, by the database's clock).

    A new SKU becomes a stock item. A count older than the last one changes nothing. Sales that the count does not show
    yet stay in flight; the ERP says which, and of how many it is not sure. No count is refused for being low: if
    ``available`` falls below zero the shop has a shortfall. Raises Busy, Unavailable and OutcomeUnknown.
    """
    create, clock = Query(_CREATE, (shop_id, sku)), Query("SELECT clock_timestamp()")
    with open_book(shop_id, skus=[sku], before=[create, clock]) as book:
        item = book.by_sku[sku]
        now = clock.rows[0][0]
        # No read has started in the future: a caller with a fast clock would shut out every count until then.
        at = min(read_started_at or now, now)
        applied = item.counted_at is None or at > item.counted_at
        if applied:
            _count(book, item, quantity, at, reference)
    return Counted(sku, applied, item.on_hand, item.available, item.in_doubt, item.sells_without_stock)


def _count(book: Book, item: ItemRow, quantity: int, at: datetime, reference: str) -> None:
    found = backend().in_flight(book.transaction, book.shop_id, item.id, at)
    item.in_doubt, item.doubt_until = found.in_doubt, found.until
    doubt = (found.in_doubt, found.until)
    book.transaction.queue(_DOUBT, (*doubt, book.shop_id, item.id, *doubt))
    # The first count gets its movement even without deltas: the ledger shows that somebody counted.
    first = item.counted_at is None
    item.counted_at = at
    on_hand_delta, in_flight_delta = quantity - item.on_hand, found.units - item.in_flight
    if first or on_hand_delta or in_flight_delta:
        book.move(item, MovementKind.COUNT, on_hand=on_hand_delta, in_flight=in_flight_delta, reference=reference)
    else:
        # Only `counted_at` is new: the row is written, and the ledger has nothing to say.
        book.moved[item.id] = item
