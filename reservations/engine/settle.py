"""Settle: bring what an order has bought into line with how the order stands, whatever became known first.

Shopify tells of an order in pieces, in any order and more than once: a cancellation may come before the order, a refund
before both. So the caller says how the order *stands*, and :func:`settle` works out what is still to be done; told the
same again, it does nothing. Money beats clocks: a paid order gets its units whatever became of its hold.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from reservations.erp import Return
from reservations.models import MovementKind, Status

from .book import Book, Held, Item, Query, open_book, reads
from .shortfalls import NONE_MISSING, Missing
from .values import SoldLine

_ITEMS = """
SELECT id FROM reservations_stockitem WHERE shop_id = %(shop)s AND sku = ANY(%(skus)s)
UNION
SELECT stock_item_id FROM reservations_reservation
WHERE shop_id = %(shop)s AND cart_token = ANY(%(carts)s) AND status = 'active'
UNION
SELECT stock_item_id FROM reservations_reservation WHERE shop_id = %(shop)s AND id = ANY(%(holds)s)
"""
_SHORTFALLS = """
SELECT stock_item_id, quantity, resolved_at IS NOT NULL FROM reservations_shortfall
WHERE shop_id = %s AND order_id = %s
"""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """What an order has of one SKU, in units.

    ``kept`` are the units ordered less those that came back to the shelf: they are gone from the stock. ``due`` are the
    units that the customer still awaits or has: ``kept`` less what was paid back without coming back. At most ``kept``.
    """

    sku: str
    kept: int
    due: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it stands.

    ``carts`` are those that it came from: their holds are used first, and given back where the order has no use for
    them. ``holds`` are single holds that its lines name. ``aliases`` are other names under which sales of it may have
    been confirmed before.
    """

    order_id: str
    lines: Sequence[OrderLine]
    carts: Sequence[UUID] = ()
    holds: Sequence[UUID] = ()
    aliases: Sequence[str] = ()


def settle(shop_id: int, order: Order) -> tuple[SoldLine, ...]:
    """Sell what `order` has not bought yet, take back what it has too much, and close its carts.

    Units that are missing come from the order's own holds, then from free units; what is ``due`` beyond them is the
    order's :class:`Shortfall`; missing units that a person has resolved stay missing. A SKU that is not stocked here is
    left out of the answer. Raises Busy, Unavailable and OutcomeUnknown.
    """
    skus, carts, holds = [line.sku for line in order.lines], list(order.carts), list(order.holds)
    item_ids = Query(_ITEMS, {"shop": shop_id, "skus": skus, "carts": carts, "holds": holds})
    recorded = Query(_SHORTFALLS, (shop_id, order.order_id))
    own = [
        reads.of_orders(shop_id, [order.order_id, *order.aliases]),
        reads.in_carts(shop_id, carts),
        reads.sold_in_carts(shop_id, carts),
        reads.by_id(shop_id, holds),
    ]
    with open_book(shop_id, *own, item_ids=item_ids, after=[recorded]) as book:
        short_before = {item_id: Missing(*missing) for item_id, *missing in recorded.rows}
        known = [line for line in order.lines if line.sku in book.by_sku]
        sold = tuple(_settle_line(book, order, line, short_before) for line in known)
        _close_carts(book, order)
    return sold


def _settle_line(book: Book, order: Order, line: OrderLine, short_before: dict[int, Missing]) -> SoldLine:
    item = book.by_sku[line.sku]
    sales = list(_sales(book, item, order))
    has = sum(sale.quantity - sale.returned for sale in sales)
    before = short_before.get(item.id, NONE_MISSING)
    wanted = _wanted(line, has, fell_short=item.id in short_before)
    if has > wanted:
        has -= _take_back(book, item, sales, has - wanted, order.order_id)
    elif has < wanted - before.resolved:
        has += _sell(book, item, wanted - before.resolved - has, order)
    missing = max(0, line.due - has)
    if missing != before.units:
        book.fall_short(item, order.order_id, missing)
    return SoldLine(line.sku, has, missing)


def _wanted(line: OrderLine, has: int, *, fell_short: bool) -> int:
    """Units that the order shall have. Those that were missing and paid back are never taken from later stock."""
    return max(has, line.due) if fell_short and has <= line.kept else line.kept


def _sales(book: Book, item: Item, order: Order) -> Iterable[Held]:
    """The order's sales so far; one of its carts that named no order becomes its own."""
    names = {"", order.order_id, *order.aliases}
    for held in book.held.values():
        if held.item is item and held.status == Status.CONFIRMED and held.order_id in names:
            book.name_order(held, order.order_id)
            yield held


def _sell(book: Book, item: Item, missing: int, order: Order) -> int:
    """Sell up to `missing` units, held ones first; return how many there were."""
    sold = 0
    for held in list(_live_holds(book, item, order)):
        if sold == missing:
            break
        if held.quantity > missing - sold:
            book.set_quantity(held, missing - sold)
        book.confirm(held, order.order_id)
        sold += held.quantity
    book.reclaim(item, missing - sold)
    free = max(0, min(missing - sold, item.available))
    if free:
        book.sell(item, free, order.carts[0] if order.carts else None, order.order_id)
    return sold + free


def _live_holds(book: Book, item: Item, order: Order) -> Iterable[Held]:
    mine = set(order.holds)
    for held in book.held.values():
        if held.item is item and book.is_alive(held) and (held.cart_token in order.carts or held.id in mine):
            yield held


def _take_back(book: Book, item: Item, sales: Sequence[Held], units: int, order_id: str) -> int:
    """Return `units` of these sales, the newest first."""
    # Returns only ever grow, so their sum names this one and no other.
    reference = f"{order_id}:returned:{sum(sale.returned for sale in sales) + units}"
    left = units
    for sale in sorted(sales, key=lambda sale: (sale.created_at, sale.id), reverse=True):
        some = min(left, sale.quantity - sale.returned)
        if some:
            book.take_back(sale, some)
            book.returns.append(Return(sale.id, item.id, item.sku, some, order_id, reference, book.now))
            left -= some
    book.move(item, MovementKind.TAKEN_BACK, in_flight=-units, reference=reference)
    return units


def _close_carts(book: Book, order: Order) -> None:
    """The carts became an order: what they still hold is free again."""
    for held in list(book.held.values()):
        if held.status == Status.ACTIVE and (held.cart_token in order.carts or held.id in order.holds):
            if book.is_alive(held):
                book.release(held, order.order_id)
            else:
                book.expire(held)
