"""Hold cart: a cart's holds become what its lines say, as far as the stock goes.

:func:`reservations.engine.reserve` answers a shopper at once: all or nothing. This is for a cart that is already what
it is, as Shopify tells it afterwards: each line holds what it can get, and what is no longer in the cart is given back.
"""

from collections.abc import Sequence
from uuid import UUID

from reservations.models import Status

from .book import Book, ItemRow, Query, ReservationRow, open_book, reads
from .reserve import sum_lines
from .values import HeldLine, Line

_ITEMS = """
SELECT id FROM reservations_stockitem WHERE shop_id = %s AND sku = ANY(%s)
UNION
SELECT stock_item_id FROM reservations_reservation WHERE shop_id = %s AND cart_token = ANY(%s) AND status = 'active'
"""


def hold_cart(
    shop_id: int, cart_token: UUID, lines: Sequence[Line], *, absorbs: Sequence[UUID] = ()
) -> tuple[HeldLine, ...]:
    """Let the cart hold these lines and nothing else, and say for each stocked SKU how many units it holds.

    A hold that lives keeps its ``expires_at``; one that is dead is replaced by a new one, if units are free. `absorbs`
    names carts that turned out to be this one: what they hold is given back first. Never more than the shop's most
    units per cart. Raises Busy, Unavailable and OutcomeUnknown.
    """
    wanted = sum_lines(lines)
    carts, skus = [cart_token, *absorbs], [line.sku for line in wanted]
    item_ids = Query(_ITEMS, (shop_id, skus, shop_id, carts))
    with open_book(shop_id, reads.in_carts(shop_id, carts), item_ids=item_ids) as book:
        _give_back(book, cart_token, set(skus))
        return tuple(_hold(book, book.by_sku[line.sku], line, cart_token) for line in wanted if line.sku in book.by_sku)


def _give_back(book: Book, cart_token: UUID, skus: set[str]) -> None:
    """End the holds of other carts, of SKUs that are not wanted any more, and those that are dead."""
    for held in list(book.reservations.values()):
        if held.status != Status.ACTIVE:
            continue
        if not book.is_alive(held):
            book.expire(held)
        elif held.cart_token != cart_token or held.item.sku not in skus:
            book.release(held)


def _hold(book: Book, item: ItemRow, line: Line, cart_token: UUID) -> HeldLine:
    own: ReservationRow | None = book.in_cart.get((cart_token, item.id))
    has = own.quantity if own else 0
    most = book.rules.max_units_per_line
    wanted = line.quantity if most is None else min(line.quantity, most)
    if wanted > has:
        book.reclaim(item, wanted - has)
        wanted = has + max(0, min(wanted - has, item.available))
    if own is not None:
        book.set_quantity(own, wanted)
    elif wanted:
        book.hold(item, wanted, cart_token)
    return HeldLine(line.sku, line.quantity, wanted)
