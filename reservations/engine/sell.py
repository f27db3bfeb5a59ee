"""Sell: an order is paid. Money beats clocks, so it is a sale whatever became of its hold."""

from collections.abc import Sequence
from uuid import UUID

from reservations.models import Status

from . import loading, locking
from .batch import finish
from .book import Book, Held, Item
from .errors import UnknownSku
from .reserve import sum_lines
from .session import transaction_session
from .shortfalls import NONE_MISSING, Missing
from .values import Line, SoldLine

_SHORTFALLS = """
SELECT i.id, s.quantity, s.resolved_at IS NOT NULL FROM reservations_shortfall AS s
JOIN reservations_stockitem AS i ON i.id = s.stock_item_id AND i.shop_id = s.shop_id
WHERE s.shop_id = %s AND s.order_id = %s
"""


def sell(shop_id: int, order_id: str, lines: Sequence[Line], *, cart_token: UUID | None = None) -> tuple[SoldLine, ...]:
    """Make sure that order `order_id` has bought these quantities, which are the order's totals per SKU.

    What it has bought before counts, so a repeated or a late call changes nothing. The rest comes first from the
    cart's live holds (a hold for more than the order gives the difference back), then from free units, and what is
    still missing is recorded as the order's :class:`Shortfall`. Missing units that a person has resolved stay missing.
    Raises UnknownSku before anything is sold, Busy, Unavailable and OutcomeUnknown.
    """
    wanted = sum_lines(lines)
    lock = locking.statement(locking.by_sku, 1)
    with transaction_session() as session:
        locked = loading.lock(session, shop_id, lock, [line.sku for line in wanted])
        held = [loading.of_orders(session, shop_id, [order_id])]
        if cart_token is not None:
            held += [
                loading.in_carts(session, shop_id, [cart_token]),
                loading.sold_in_carts(session, shop_id, [cart_token]),
            ]
        missing_before = session.queue(_SHORTFALLS, (shop_id, order_id))
        book = loading.open_book(session, shop_id, locked, *held)
        known = {item_id: Missing(*short) for item_id, *short in missing_before.fetchall()}
        for line in wanted:
            if line.sku not in book.by_sku:
                raise UnknownSku(line.sku)
        sold = tuple(_sell_line(book, line, order_id, cart_token, known) for line in wanted)
        finish(session, book)
    return sold


def _sell_line(
    book: Book, line: Line, order_id: str, cart_token: UUID | None, missing_before: dict[int, Missing]
) -> SoldLine:
    item = book.by_sku[line.sku]
    bought = _bought(book, item, order_id)
    before = missing_before.get(item.id, NONE_MISSING)
    missing = line.quantity - bought - before.resolved
    if missing > 0:
        missing -= _from_hold(book, item, missing, order_id, cart_token)
    if missing > 0:
        book.reclaim(item, missing)
        free = max(0, min(missing, item.available))
        if free:
            book.sell(item, free, cart_token, order_id)
            missing -= free
    missing = max(0, missing + before.resolved)
    if missing != before.units:
        book.fall_short(item, order_id, missing)
    return SoldLine(line.sku, line.quantity - missing if bought <= line.quantity else bought, missing)


def _bought(book: Book, item: Item, order_id: str) -> int:
    """Units that the order has bought so far; a sale of its cart that named no order becomes its own."""
    sales = [h for h in book.held.values() if h.item is item and h.status == Status.CONFIRMED]
    for sale in sales:
        book.name_order(sale, order_id)
    return sum(sale.quantity for sale in sales)


def _from_hold(book: Book, item: Item, most: int, order_id: str, cart_token: UUID | None) -> int:
    held: Held | None = book.in_cart.get((cart_token, item.id)) if cart_token else None
    if held is None or not book.is_alive(held):
        return 0
    if held.quantity > most:
        book.set_quantity(held, most)
    book.confirm(held, order_id)
    return held.quantity
