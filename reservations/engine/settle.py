"""Settle: bring what an order has bought into line with how the order stands, whatever arrived first.

Shopify reports an order in pieces, in any sequence and more than once: a cancellation may come before the order, a
refund before both. So the caller says how the order *stands*, and :func:`settle` works out what is left to do; called
again with the same, it does nothing. Money beats clocks: a paid order gets its units whatever became of its hold. An
unpaid one only holds, see :mod:`.unpaid_order`.
"""

from collections.abc import Iterable, Sequence

from reservations.erp import Return
from reservations.models import MovementKind, Status

from . import unpaid_order
from .book import Book, ItemRow, Query, ReservationRow, ShortfallRow, free_units, open_book, reads
from .book.ids import NO_ID, new_id
from .values import Order, OrderLine, SoldLine

# In the ledger it stands before the name of the order whose till took a cart's units.
BY_TILL = "till:"
# The rows to lock: the orders' SKUs, and whatever they, their carts and their named holds still hold. A UNION and not
# an OR: each part has an index of its own.
_ITEMS = """
SELECT id FROM reservations_stockitem WHERE shop_id = %(shop)s AND sku = ANY(%(skus)s)
UNION
SELECT stock_item_id FROM reservations_reservation
WHERE shop_id = %(shop)s AND cart_token = ANY(%(carts)s) AND status = 'active' AND order_id = ''
UNION
SELECT stock_item_id FROM reservations_reservation
WHERE shop_id = %(shop)s AND order_id = ANY(%(orders)s) AND order_id <> '' AND status = 'active'
UNION
SELECT stock_item_id FROM reservations_reservation WHERE shop_id = %(shop)s AND id = ANY(%(holds)s)
"""


def settle(shop_id: int, orders: Sequence[Order]) -> list[tuple[SoldLine, ...]]:
    """Sell what each order has not bought yet (unpaid: hold it), return what it has too much, and close its carts.

    What it lacks comes from the order's own holds, then from free units that no order before it waits for; what is
    ``awaited`` beyond them is its :class:`Shortfall`. Units of it that a person has resolved never come out of the
    stock, and an order that a person keeps out gets none of them here. An unpaid order lacks nothing. The answer leaves
    out a SKU that this shop does not stock.

    Several orders, each named once, are settled in turn and in one transaction, as if each had one of its own. Raises
    Busy, Unavailable and OutcomeUnknown; nothing was settled then.
    """
    ids = [order.order_id for order in orders]
    carts = [cart for order in orders for cart in order.carts]
    holds = [hold for order in orders for hold in order.holds]
    named = {"shop": shop_id, "orders": ids, "skus": [line.sku for order in orders for line in order.lines]}
    named |= {"carts": carts or [NO_ID], "holds": holds or [NO_ID]}
    recorded = reads.shortfalls_of(shop_id, *ids)
    own = [reads.of_orders(shop_id, [*ids, *(alias for order in orders for alias in order.aliases)])]
    own += [reads.in_carts(shop_id, carts), reads.sold_in_carts(shop_id, carts)] if carts else []
    own += [reads.by_id(shop_id, holds)] if holds else []
    settled = []
    with open_book(shop_id, *own, item_ids=Query(_ITEMS, named), after=[recorded]) as book:
        for order in orders:
            settled.append(_settle(book, order, recorded))
            # As at the end of a transaction of its own: what it freed is for those who wait, not for the next order.
            _serve(book, order)
    return settled


def _settle(book: Book, order: Order, recorded: Query) -> tuple[SoldLine, ...]:
    if not order.is_told:
        book.untold.add(order.order_id)
    lacking = {row.item.id: row for row in reads.know_shortfalls(book, recorded) if row.order_id == order.order_id}
    kept_out = reads.kept_out_elsewhere(book, recorded, order.order_id)
    known = [line for line in order.lines if line.sku in book.by_sku]
    # Units that came free before this news go to those who wait, this order among them, in turn.
    for line in known:
        free_units.serve(book, book.by_sku[line.sku])
    sold = tuple(_settle_line(book, order, line, lacking, kept_out) for line in known)
    _close_carts(book, order)
    return sold


def _serve(book: Book, order: Order) -> None:
    if any(item.owed for item in book.items.values()):
        named = {line.sku for line in order.lines}
        named |= {row.item.sku for row in book.reservations.values() if unpaid_order.is_its_own(row, order)}
        for item in book.items.values():
            if item.sku in named:
                free_units.serve(book, item)


def _settle_line(
    book: Book, order: Order, line: OrderLine, lacking: dict[int, ShortfallRow], kept_out: str
) -> SoldLine:
    item = book.by_sku[line.sku]
    sales = list(_sales(book, item, order))
    has = sum((0 if sale.sold_before else sale.quantity) - sale.returned for sale in sales)
    before = lacking.get(item.id) or _nothing_lacking(book, item, order, lacking, kept_out)
    wanted = _wanted(line, has, fell_short=item.id in lacking)
    if has > wanted:
        has -= _return_units(book, item, sales, has - wanted, order.order_id)
    more, held = max(0, wanted - before.withheld - has), 0
    if order.held_until is not None:
        held = unpaid_order.hold(book, item, more, order, order.held_until)
        shortfall = unpaid_order.shortfall(before)
    else:
        has += _sell(book, item, more, order) if more else 0
        shortfall = max(0, line.awaited - max(0, has))
    # Record zero too, when units came after all; an unchanged shortfall gets no second movement.
    if shortfall != before.units:
        book.record_shortfall(before, shortfall)
    return SoldLine(line.sku, has, shortfall, held)


def _nothing_lacking(
    book: Book, item: ItemRow, order: Order, lacking: dict[int, ShortfallRow], kept_out: str
) -> ShortfallRow:
    # A person keeps an order out as a whole, also with what it lacks later.
    kept_out_by = next((row.kept_out_by for row in lacking.values() if row.units and row.kept_out_by), kept_out)
    return ShortfallRow(item, order.order_id, 0, False, kept_out_by, order.paid_at or book.now, "")  # noqa: FBT003


def _wanted(line: OrderLine, has: int, *, fell_short: bool) -> int:
    """Units that the order shall have.

    If the merchant paid back units of a shortfall, later stock owes the order only what the customer still awaits; the
    order keeps what it has already.
    """
    return max(has, line.awaited) if fell_short and has <= line.kept else line.kept


def _sales(book: Book, item: ItemRow, order: Order) -> Iterable[ReservationRow]:
    """The order's sales so far; one of its carts that named no order becomes its own."""
    # The shop's server may have confirmed without an order, or under another name of it, before Shopify told us.
    names = {order.order_id, *order.aliases}
    for row in book.reservations.values():
        if row.item is not item or row.status != Status.CONFIRMED:
            continue
        if row.order_id in names or (not row.order_id and unpaid_order.is_its_own(row, order)):
            book.name_order(row, order.order_id)
            yield row


def _sell(book: Book, item: ItemRow, units: int, order: Order) -> int:
    """Sell up to `units` units, those of the order's own holds first; return how many there were."""
    sold = 0
    for row in unpaid_order.live_holds(book, item, order):
        if sold == units:
            break
        # A hold is confirmed whole, so one that is too large is cut to what the order needs.
        if row.quantity > units - sold:
            book.set_quantity(row, units - sold)
        book.confirm(row, order.order_id)
        sold += row.quantity
    # What it lacked before is what it is about to get, so it does not wait for that a second time.
    free_units.reclaim(book, item, units - sold, unless=order.order_id)
    if order.takes_holds:
        _take_from_carts(book, item, units - sold, f"{BY_TILL}{order.order_id}")
    free = item.sellable(units - sold)
    if free:
        # In the order's cart, whose newest reservation then says that the cart was bought.
        book.sell(item, free, order.carts[0] if order.carts else None, order.order_id)
    return sold + free


def _take_from_carts(book: Book, item: ItemRow, units: int, reason: str) -> None:
    """Let the newest holds of carts give up units until `units` are available; the ledger keeps the reason."""
    lacking = units - item.available
    # A hold has one unit at least; those that the order has used itself stand among the newest, so as many more.
    rows = reads.newest_of_carts(book, item, lacking + len(book.reservations)) if lacking > 0 else []
    for row in rows:
        # The table does not know yet which of them an order of this transaction has taken over.
        if lacking > 0 and book.is_alive(row) and not row.order_id:
            some = min(row.quantity, lacking)
            if some == row.quantity:
                book.release(row, reason)
            else:
                book.set_quantity(row, row.quantity - some, reason)
            lacking -= some


def _return_units(book: Book, item: ItemRow, sales: Sequence[ReservationRow], units: int, order_id: str) -> int:
    """Return `units` of these sales, the newest first; what they do not have was sold before the stock was counted."""
    # Returns only ever grow, so the sum after this one names it and no other.
    reference = f"{order_id}:returned:{sum(sale.returned for sale in sales) + units}"
    left = units
    for sale in sorted(sales, key=lambda sale: (sale.created_at, sale.id), reverse=True):
        some = min(left, sale.quantity - sale.returned)
        if some:
            book.return_units(sale, some)
            book.returns.append(Return(sale.id, item.id, item.sku, some, order_id, reference, book.now))
            left -= some
    if left:
        older = _sold_before(book, item, left, order_id)
        book.returns.append(Return(older.id, item.id, item.sku, left, order_id, reference, book.now))
    # Not `on_hand`, which only counts move: until a count shows the unit, it takes one off what is in flight.
    book.move(item, MovementKind.TAKEN_BACK, in_flight=-units, reference=reference)
    return units


def _sold_before(book: Book, item: ItemRow, units: int, order_id: str) -> ReservationRow:
    """Name units that came back and were never sold here: a sale of which only the return moves anything."""
    confirmed = Status.CONFIRMED.value
    row = ReservationRow(
        new_id(), item, None, units, units, confirmed, book.now, book.now, book.now, order_id, sold_before=True
    )
    book.fresh[row.id] = row
    return book.know(row)


def _close_carts(book: Book, order: Order) -> None:
    """The carts became an order: what they still hold is free again, and what it holds itself beyond its lines."""
    lines = {line.sku for line in order.lines} if order.held_until else set()
    for row in list(book.reservations.values()):
        if row.status != Status.ACTIVE or not unpaid_order.is_its_own(row, order):
            continue
        if not book.is_alive(row):
            book.expire(row)
        elif not (row.order_id and row.item.sku in lines):
            book.release(row, order.order_id)
