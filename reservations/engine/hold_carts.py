"""Hold carts: make carts' holds match their lines, as far as the stock goes.

:func:`reservations.engine.reserve` answers a shopper at once: all or nothing. This serves carts that have changed
already, as Shopify reports them afterwards: each line holds what it can get, and what left the cart is given back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from reservations.models import Status

from .book import Book, ItemRow, Query, ReservationRow, free_units, open_book, reads
from .reserve import sum_lines
from .values import HoldLine, Line

# The rows to lock: those of the carts' lines, and those of their holds that the lines no longer name.
_ITEMS = """
SELECT id FROM reservations_stockitem WHERE shop_id = %s AND sku = ANY(%s)
UNION
SELECT stock_item_id FROM reservations_reservation
WHERE shop_id = %s AND cart_token = ANY(%s) AND status = 'active' AND order_id = ''
"""


@dataclass(frozen=True, slots=True)
class Cart:
    """A cart and all that it wants. ``absorbs`` names carts that turned out to be this one."""

    cart_token: UUID
    lines: Sequence[Line]
    absorbs: Sequence[UUID] = ()


def hold_carts(shop_id: int, carts: Sequence[Cart]) -> list[tuple[HoldLine, ...]]:
    """Let each cart hold its lines and nothing else; say for each of its stocked SKUs how many units it holds.

    A SKU that sells without stock needs no hold: the cart gives back what it has of it, and the answer leaves it out.
    A live hold keeps its ``expires_at``; a new one replaces a dead one, if units are free. First the carts that one
    ``absorbs`` give back what they hold; then each cart in turn takes from what is free. No line exceeds the shop's
    limit of units per cart. Raises Busy, Unavailable and OutcomeUnknown.
    """
    wanted = [(cart, sum_lines(cart.lines)) for cart in carts]
    tokens = [token for cart in carts for token in (cart.cart_token, *cart.absorbs)]
    skus = [line.sku for _, lines in wanted for line in lines]
    item_ids = Query(_ITEMS, (shop_id, skus, shop_id, tokens))
    with open_book(shop_id, reads.in_carts(shop_id, tokens), item_ids=item_ids) as book:
        to_hold = [(cart, [line for line in lines if _needs_hold(book, line)]) for cart, lines in wanted]
        # All give back before any takes more: what one cart no longer wants, another of them may want.
        absorbed = [_give_back(book, cart, {line.sku for line in lines}) for cart, lines in to_hold]
        return [
            _hold_lines(book, cart.cart_token, lines, units)
            for (cart, lines), units in zip(to_hold, absorbed, strict=True)
        ]


def _needs_hold(book: Book, line: Line) -> bool:
    item = book.by_sku.get(line.sku)
    return item is not None and not item.sells_without_stock


def _give_back(book: Book, cart: Cart, skus: set[str]) -> dict[int, int]:
    """End the dead holds, those of absorbed carts, and those of SKUs that it need not hold any more.

    Returns by item the units that absorbed carts gave back: they are this buyer's, and nobody else may get them first.
    """
    absorbed: dict[int, int] = {}
    for row in list(book.reservations.values()):
        if row.status != Status.ACTIVE or row.cart_token not in (cart.cart_token, *cart.absorbs):
            continue
        if not book.is_alive(row):
            book.expire(row)
        elif row.cart_token != cart.cart_token or row.item.sku not in skus:
            book.release(row)
            if row.cart_token != cart.cart_token:
                absorbed[row.item.id] = absorbed.get(row.item.id, 0) + row.quantity
    return absorbed


def _hold_lines(book: Book, cart_token: UUID, lines: Sequence[Line], absorbed: dict[int, int]) -> tuple[HoldLine, ...]:
    wanted = [(book.by_sku[line.sku], line) for line in lines]
    return tuple(_hold(book, item, line, cart_token, absorbed.get(item.id, 0)) for item, line in wanted)


def _hold(book: Book, item: ItemRow, line: Line, cart_token: UUID, absorbed: int) -> HoldLine:
    own: ReservationRow | None = book.in_cart.get((cart_token, item.id))
    has = own.quantity if own else 0
    most = book.rules.max_units_per_line
    wanted = line.quantity if most is None else min(line.quantity, most)
    if wanted > has:
        free_units.reclaim(book, item, wanted - has, keep=min(absorbed, wanted - has))
        # `available` is below zero in a shortfall; the cart then keeps what it has and gets nothing more.
        wanted = has + max(0, min(wanted - has, item.available))
    if own is not None:
        book.set_quantity(own, wanted)
    elif wanted:
        book.hold(item, wanted, cart_token)
    return HoldLine(line.sku, line.quantity, wanted)
