"""Hold cart: make a cart's holds match its lines, as far as the stock goes.

:func:`reservations.engine.reserve` answers a shopper at once: all or nothing. This serves a cart that has changed
already, as Shopify reports it afterwards: each line holds what it can get, and what left the cart is given back.
"""

from collections.abc import Sequence
from uuid import UUID

from reservations.models import Status

from .book import Book, ItemRow, Query, ReservationRow, open_book, reads
from .reserve import sum_lines
from .values import HoldLine, Line

# The rows to lock: those of the cart's lines, and those of its holds that the lines no longer name.
_ITEMS = """
SELECT id FROM reservations_stockitem WHERE shop_id = %s AND sku = ANY(%s)
UNION
SELECT stock_item_id FROM reservations_reservation WHERE shop_id = %s AND cart_token = ANY(%s) AND status = 'active'
"""


def hold_cart(
    shop_id: int, cart_token: UUID, lines: Sequence[Line], *, absorbs: Sequence[UUID] = ()
) -> tuple[HoldLine, ...]:
    """Let the cart hold these lines and nothing else, and return for each stocked SKU how many units it holds.

    A live hold keeps its ``expires_at``; a new one replaces a dead one, if units are free. `absorbs` names carts that
    turned out to be this one: they give back what they hold first. No line exceeds the shop's most units per cart.
    Raises Busy, Unavailable and OutcomeUnknown.
    """
    wanted = sum_lines(lines)
    carts, skus = [cart_token, *absorbs], [line.sku for line in wanted]
    item_ids = Query(_ITEMS, (shop_id, skus, shop_id, carts))
    with open_book(shop_id, reads.in_carts(shop_id, carts), item_ids=item_ids) as book:
        absorbed = _give_back(book, cart_token, set(skus))
        stocked = [(book.by_sku[line.sku], line) for line in wanted if line.sku in book.by_sku]
        return tuple(_hold(book, item, line, cart_token, absorbed.get(item.id, 0)) for item, line in stocked)


def _give_back(book: Book, cart_token: UUID, skus: set[str]) -> dict[int, int]:
    """End the dead holds, those of other carts, and those of SKUs that the cart no longer wants.

    Returns by item the units that other carts gave back: they are this buyer's, and nobody else may get them first.
    """
    absorbed: dict[int, int] = {}
    for row in list(book.reservations.values()):
        if row.status != Status.ACTIVE:
            continue
        if not book.is_alive(row):
            book.expire(row)
        elif row.cart_token != cart_token or row.item.sku not in skus:
            book.release(row)
            if row.cart_token != cart_token:
                absorbed[row.item.id] = absorbed.get(row.item.id, 0) + row.quantity
    return absorbed


def _hold(book: Book, item: ItemRow, line: Line, cart_token: UUID, absorbed: int) -> HoldLine:
    own: ReservationRow | None = book.in_cart.get((cart_token, item.id))
    has = own.quantity if own else 0
    most = book.rules.max_units_per_line
    wanted = line.quantity if most is None else min(line.quantity, most)
    if wanted > has:
        book.reclaim(item, wanted - has, keep=min(absorbed, wanted - has))
        # `available` is below zero in a shortfall; the cart then keeps what it has and gets nothing more.
        wanted = has + max(0, min(wanted - has, item.available))
    if own is not None:
        book.set_quantity(own, wanted)
    elif wanted:
        book.hold(item, wanted, cart_token)
    return HoldLine(line.sku, line.quantity, wanted)
