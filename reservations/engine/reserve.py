"""Reserve: hold units for a buyer, all lines or none."""

from collections.abc import Sequence
from uuid import UUID

from reservations.models import Status

from . import hold_budgets
from .book import OF_SHOP, Book, Holder, ItemRow, ReservationRow, free_units, holder_of, reads
from .errors import OutOfStock, UncoveredLine, UnknownSku
from .flash_sale import answer
from .flash_sale.commands import Reserve, decide
from .follow_links import links_say
from .limit_errors import CartLimitExceeded
from .values import Idempotency, Line, Reservation, Shopper, in_doubt_beside


def sum_lines(lines: Sequence[Line]) -> tuple[Line, ...]:
    """One line per SKU, in the order of first appearance: two lines of one SKU want the sum of both."""
    if len(lines) == 1:
        return tuple(lines)
    totals: dict[str, int] = {}
    for line in lines:
        totals[line.sku] = totals.get(line.sku, 0) + line.quantity
    return tuple(Line(sku, quantity) for sku, quantity in totals.items())


def reserve(
    shop_id: int,
    lines: Sequence[Line],
    *,
    cart_token: UUID | None = None,
    idempotency: Idempotency | None = None,
    shopper: Shopper | None = None,
) -> tuple[Reservation, ...]:
    """Hold these lines for a buyer, all or none; the quantities of one SKU add up.

    A SKU that sells without stock needs no hold and gets none: the answer leaves it out, and nothing limits its units.
    With a `cart_token` the quantity is what that cart holds of the SKU from now on, and its expiry stays where it was.
    A `shopper` in the storefront may hold only so much unpaid; None is the shop's own server. Raises UnknownSku,
    CartLimitExceeded, OutOfStock, HoldLimitReached, IdempotencyKeyReused, RequestInProgress, Busy, Unavailable,
    OutcomeUnknown, and AlreadyAnswered when the key has its answer.
    """
    wanted = sum_lines(lines)
    holders = tuple(holder_of(shop_id, line.sku, shopper, cart_token) for line in wanted) if shopper else ()
    return answer(Reserve(shop_id, wanted, cart_token, idempotency, holders))


@decide.register
def decide_reserve(command: Reserve, book: Book) -> tuple[ReservationRow, ...]:
    """Hold every line that needs it, or raise UnknownSku, CartLimitExceeded, OutOfStock or HoldLimitReached.

    For a cart the quantity is what it holds from now on: its own hold does not count against it, keeps its
    ``expires_at`` when it lives, and is replaced by a new one when it is dead.
    """
    items = {line.sku: _item(book, line.sku) for line in command.lines}
    free_to_sell = [item for item in items.values() if item is not None and item.sells_without_stock]
    lines = [
        (item, line.quantity)
        for line in command.lines
        if (item := items[line.sku]) is not None and not item.sells_without_stock
    ]
    _check_limit(book, lines)
    own = {item.id: _own_hold(book, item, command.cart_token) for item, _ in lines}
    # Every line is looked at before any is held: the refusal names all that the stock does not cover.
    looked_at = (_uncovered(book, item, quantity, own[item.id]) for item, quantity in lines)
    uncovered = [line for line in looked_at if line is not None]
    if uncovered:
        raise OutOfStock(uncovered)
    holders = command.holders_by_sku
    if holders:
        hold_budgets.check(book, [(item, holders[item.sku], quantity, own[item.id]) for item, quantity in lines])
    for item in free_to_sell:
        # From before the item sold without stock: it would keep nobody away any more.
        if (needless := _own_hold(book, item, command.cart_token)) is not None:
            book.release(needless)
    return tuple(
        _hold(book, item, quantity, command.cart_token, own[item.id], holders[item.sku] if holders else OF_SHOP)
        for item, quantity in lines
    )


def _item(book: Book, sku: str) -> ItemRow | None:
    """The item; None for a SKU that sells without stock and that the stock does not have. Raises UnknownSku."""
    item = book.by_sku.get(sku)
    if item is None and not links_say(book.transaction, book.shop_id, sku):
        raise UnknownSku(sku)
    return item


def _check_limit(book: Book, lines: Sequence[tuple[ItemRow, int]]) -> None:
    most = book.rules.limits.units_per_cart
    for item, quantity in lines:
        if most is not None and quantity > most:
            raise CartLimitExceeded(item.sku, most)


def _own_hold(book: Book, item: ItemRow, cart_token: UUID | None) -> ReservationRow | None:
    """The cart's live hold of this item. A dead one is written down as expired, never revived."""
    if cart_token is None:
        return None
    row = book.in_cart.get((cart_token, item.id))
    if row is not None and row.status == Status.ACTIVE and not book.is_alive(row):
        book.expire(row)
        return None
    return row


def _uncovered(book: Book, item: ItemRow, quantity: int, own: ReservationRow | None) -> UncoveredLine | None:
    has = own.quantity if own else 0
    # The cart's own hold covers part of the new quantity: only the difference has to be free.
    more = quantity - has
    if more <= 0:
        return None
    free_units.reclaim(book, item, more)
    if item.available >= more:
        return None
    # `available` is below zero in a shortfall; what the buyer reads is what this cart could have in all.
    free, doubt = max(0, item.available) + has, in_doubt_beside(item.available - item.owed, item.in_doubt)
    return UncoveredLine(item.sku, quantity, free, reads.next_release(book, item, own), doubt)


def _hold(
    book: Book,
    item: ItemRow,
    quantity: int,
    cart_token: UUID | None,
    own: ReservationRow | None,
    holder: Holder,
) -> ReservationRow:
    if own is None:
        return book.hold(item, quantity, cart_token, holder=holder)
    if holder is not OF_SHOP and quantity > own.quantity:
        book.holders.name(own, holder)
    book.set_quantity(own, quantity)
    return own
