"""Settle: bring what an order has bought into line with how the order stands, whatever arrived first.

Shopify reports an order in pieces, in any sequence and more than once: a cancellation may come before the order, a
refund before both. So the caller says how the order *stands*, and :func:`settle` works out what is left to do; called
again with the same, it does nothing. Money beats clocks: a paid order gets its units whatever became of its hold.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from reservations.erp import Return
from reservations.models import MovementKind, Status

from .book import Book, ItemRow, Query, ReservationRow, open_book, reads
from .values import SoldLine

# The rows to lock: the order's SKUs, and whatever its carts and its named holds still hold. A UNION and not an OR: each
# part has an index of its own.
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

    ``kept`` are the units ordered less those that came back to the shelf: the stock has lost them. ``awaited`` are the
    units that the customer still awaits or has: ``kept`` less those that the merchant paid back and the customer did
    not send back. At most ``kept``.
    """

    sku: str
    kept: int
    awaited: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it stands.

    ``carts`` are those that it came from: it uses their holds first and gives back the rest. ``holds`` are single holds
    that its lines name. ``aliases`` are other names under which callers may have confirmed sales of it before.
    """

    order_id: str
    lines: Sequence[OrderLine]
    carts: Sequence[UUID] = ()
    holds: Sequence[UUID] = ()
    aliases: Sequence[str] = ()


class RecordedShortfall(NamedTuple):
    """What an order lacked of a SKU when it was last settled, in units, and whether a person has closed that."""

    units: int
    is_resolved: bool

    @property
    def resolved(self) -> int:
        """Units that the buyer got elsewhere, or no longer awaits: the stock owes them to nobody."""
        return self.units if self.is_resolved else 0


_NOTHING_RECORDED = RecordedShortfall(0, is_resolved=False)


def settle(shop_id: int, order: Order) -> tuple[SoldLine, ...]:
    """Sell what `order` has not bought yet, return what it has too much, and close its carts.

    What it lacks comes from the order's own holds, then from free units; what is ``awaited`` beyond them is its
    :class:`Shortfall`, and units of that which a person has resolved never come out of the stock. The answer leaves out
    a SKU that this shop does not stock. Raises Busy, Unavailable and OutcomeUnknown.
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
        before = {item_id: RecordedShortfall(*facts) for item_id, *facts in recorded.rows}
        known = [line for line in order.lines if line.sku in book.by_sku]
        sold = tuple(_settle_line(book, order, line, before) for line in known)
        _close_carts(book, order)
    return sold


def _settle_line(book: Book, order: Order, line: OrderLine, recorded: dict[int, RecordedShortfall]) -> SoldLine:
    item = book.by_sku[line.sku]
    sales = list(_sales(book, item, order))
    has = sum(sale.quantity - sale.returned for sale in sales)
    before = recorded.get(item.id, _NOTHING_RECORDED)
    wanted = _wanted(line, has, fell_short=item.id in recorded)
    if has > wanted:
        has -= _return_units(book, item, sales, has - wanted, order.order_id)
    elif has < wanted - before.resolved:
        has += _sell(book, item, wanted - before.resolved - has, order)
    shortfall = max(0, line.awaited - has)
    # Zero is recorded too when units came after all; an unchanged shortfall gets no second movement.
    if shortfall != before.units:
        book.record_shortfall(item, order.order_id, shortfall)
    return SoldLine(line.sku, has, shortfall)


def _wanted(line: OrderLine, has: int, *, fell_short: bool) -> int:
    """Units that the order shall have.

    If the merchant paid back units of a shortfall, later stock owes the order only what the customer still awaits, and
    what it has already it keeps.
    """
    return max(has, line.awaited) if fell_short and has <= line.kept else line.kept


def _sales(book: Book, item: ItemRow, order: Order) -> Iterable[ReservationRow]:
    """The order's sales so far; one of its carts that named no order becomes its own."""
    names = {"", order.order_id, *order.aliases}
    for row in book.reservations.values():
        if row.item is item and row.status == Status.CONFIRMED and row.order_id in names:
            book.name_order(row, order.order_id)
            yield row


def _sell(book: Book, item: ItemRow, units: int, order: Order) -> int:
    """Sell up to `units` units, those of the order's own holds first; return how many there were."""
    sold = 0
    for row in list(_live_holds(book, item, order)):
        if sold == units:
            break
        # A hold is confirmed whole, so one that is too large is cut to what the order needs.
        if row.quantity > units - sold:
            book.set_quantity(row, units - sold)
        book.confirm(row, order.order_id)
        sold += row.quantity
    book.reclaim(item, units - sold)
    free = max(0, min(units - sold, item.available))
    if free:
        book.sell(item, free, order.carts[0] if order.carts else None, order.order_id)
    return sold + free


def _live_holds(book: Book, item: ItemRow, order: Order) -> Iterable[ReservationRow]:
    mine = set(order.holds)
    for row in book.reservations.values():
        if row.item is item and book.is_alive(row) and (row.cart_token in order.carts or row.id in mine):
            yield row


def _return_units(book: Book, item: ItemRow, sales: Sequence[ReservationRow], units: int, order_id: str) -> int:
    """Return `units` of these sales, the newest first."""
    # Returns only ever grow, so the sum after this one names it and no other.
    reference = f"{order_id}:returned:{sum(sale.returned for sale in sales) + units}"
    left = units
    for sale in sorted(sales, key=lambda sale: (sale.created_at, sale.id), reverse=True):
        some = min(left, sale.quantity - sale.returned)
        if some:
            book.return_units(sale, some)
            book.returns.append(Return(sale.id, item.id, item.sku, some, order_id, reference, book.now))
            left -= some
    # Not `on_hand`, which only counts move: until a count shows the unit, it takes one off what is in flight.
    book.move(item, MovementKind.TAKEN_BACK, in_flight=-units, reference=reference)
    return units


def _close_carts(book: Book, order: Order) -> None:
    """The carts became an order: what they still hold is free again."""
    for row in list(book.reservations.values()):
        if row.status == Status.ACTIVE and (row.cart_token in order.carts or row.id in order.holds):
            if book.is_alive(row):
                book.release(row, order.order_id)
            else:
                book.expire(row)
