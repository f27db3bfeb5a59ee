"""Hold carts: make carts' holds match their lines, as far as the stock goes.

:func:`reservations.engine.reserve` answers a shopper at once: all or nothing. This serves carts that have changed
already, as Shopify reports them afterwards: each line holds what it can get, and what left the cart is given back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from reservations.models import Status

from . import hold_budgets
from .book import OF_SHOP, Book, Holder, Query, ReservationRow, free_units, holder_of, open_book, read_again, reads
from .reserve import sum_lines
from .values import HoldLine, Line, Shopper

# The rows to lock: those of the carts' lines, and those of their holds that the lines no longer name.
_ITEMS = """
SELECT id FROM reservations_stockitem WHERE shop_id = %s AND sku = ANY(%s)
UNION
SELECT stock_item_id FROM reservations_reservation
WHERE shop_id = %s AND cart_token = ANY(%s) AND status = 'active' AND order_id = ''
"""


@dataclass(frozen=True, slots=True)
class Cart:
    """A cart and all that it wants. ``absorbs`` names carts that turned out to be this one.

    That of a ``shopper`` holds only so much unpaid; None is a cart of the shop's own server.
    """

    cart_token: UUID
    lines: Sequence[Line]
    absorbs: Sequence[UUID] = ()
    shopper: Shopper | None = None

    def holder(self, shop_id: int, sku: str) -> Holder:
        """Who holds a SKU with it."""
        return holder_of(shop_id, sku, self.shopper, self.cart_token) if self.shopper else OF_SHOP


@dataclass(frozen=True, slots=True)
class Absorbed:
    """What absorbed carts had of one SKU, and whose it was."""

    units: int
    holder: Holder


_NOTHING = Absorbed(0, OF_SHOP)


def hold_carts(shop_id: int, carts: Sequence[Cart]) -> list[tuple[HoldLine, ...]]:
    """Let each cart hold its lines and nothing else; say for each of its stocked SKUs how many units it holds.

    A SKU that sells without stock needs no hold: the cart gives back what it has of it, and the answer leaves it out.
    A live hold keeps its ``expires_at``; a new one replaces a dead one, if units are free. First the carts that one
    ``absorbs`` give back what they hold; then each cart in turn takes from what is free. No line exceeds the shop's
    limit of units per cart, and no shopper's budget (:mod:`.hold_budgets`): what is beyond stays without a hold.
    Raises Busy, Unavailable and OutcomeUnknown.
    """
    return hold_carts_in_turn(shop_id, [carts])[0]


def hold_carts_in_turn(shop_id: int, groups: Sequence[Sequence[Cart]]) -> list[list[tuple[HoldLine, ...]]]:
    """Hold groups of carts in turn in one transaction: as if each group came in a transaction of its own.

    No cart is in two groups. Raises what :func:`hold_carts` raises; nothing was held then.
    """
    tokens = [token for carts in groups for cart in carts for token in (cart.cart_token, *cart.absorbs)]
    skus = [line.sku for carts in groups for cart in carts for line in cart.lines]
    holders = [cart.holder(shop_id, line.sku) for carts in groups for cart in carts for line in cart.lines]
    item_ids = Query(_ITEMS, (shop_id, skus, shop_id, tokens))
    held = []
    with open_book(shop_id, reads.in_carts(shop_id, tokens), item_ids=item_ids, holders=holders) as book:
        # Only a hold itself says which customer or address has it; what else they hold counts too.
        if known := [row.holder for row in book.reservations.values() if row.customer_key or row.address_key]:
            read_again(book, holders=known)
        for carts in groups:
            held.append(_hold_group(book, carts))
            # As at the end of a transaction of its own: what it freed is for those who wait, not for the next cart.
            _serve(book, carts)
    return held


def _hold_group(book: Book, carts: Sequence[Cart]) -> list[tuple[HoldLine, ...]]:
    wanted = [(cart, sum_lines(cart.lines)) for cart in carts]
    to_hold = [(cart, [line for line in lines if _needs_hold(book, line)]) for cart, lines in wanted]
    # All give back before any takes more: what one cart no longer wants, another of them may want.
    absorbed = [_give_back(book, cart, {line.sku for line in lines}) for cart, lines in to_hold]
    return [
        tuple(_hold(book, cart, line, units.get(line.sku, _NOTHING)) for line in lines)
        for (cart, lines), units in zip(to_hold, absorbed, strict=True)
    ]


def _serve(book: Book, carts: Sequence[Cart]) -> None:
    if any(item.owed for item in book.items.values()):
        tokens = {token for cart in carts for token in (cart.cart_token, *cart.absorbs)}
        named = {line.sku for cart in carts for line in cart.lines}
        named |= {row.item.sku for row in book.reservations.values() if row.cart_token in tokens}
        for item in book.items.values():
            if item.sku in named:
                free_units.serve(book, item)


def _needs_hold(book: Book, line: Line) -> bool:
    item = book.by_sku.get(line.sku)
    return item is not None and not item.sells_without_stock


def _give_back(book: Book, cart: Cart, skus: set[str]) -> dict[str, Absorbed]:
    """End the dead holds, those of absorbed carts, and those of SKUs that it need not hold any more.

    Returns by SKU what absorbed carts gave back: it is this buyer's, and nobody else may get it first.
    """
    absorbed: dict[str, Absorbed] = {}
    for row in list(book.reservations.values()):
        if row.status != Status.ACTIVE or row.cart_token not in (cart.cart_token, *cart.absorbs):
            continue
        if not book.is_alive(row):
            book.expire(row)
        elif row.cart_token != cart.cart_token:
            before, holder = absorbed.get(row.item.sku, _NOTHING), row.holder
            book.release(row)
            absorbed[row.item.sku] = Absorbed(before.units + row.quantity, holder.beside(before.holder))
        elif row.item.sku not in skus:
            book.release(row, unpaid=True)
    return absorbed


def _hold(book: Book, cart: Cart, line: Line, absorbed: Absorbed) -> HoldLine:
    item = book.by_sku[line.sku]
    own: ReservationRow | None = book.in_cart.get((cart.cart_token, item.id))
    has = own.quantity if own else 0
    most = book.rules.limits.units_per_cart
    wanted = line.quantity if most is None else min(line.quantity, most)
    if wanted > has:
        free_units.reclaim(book, item, wanted - has, keep=min(absorbed.units, wanted - has))
        # `available` is below zero in a shortfall; the cart then keeps what it has and gets nothing more.
        wanted = has + max(0, min(wanted - has, item.available))
    holder = cart.holder(book.shop_id, line.sku)
    if holder is not OF_SHOP and wanted > has:
        holder = holder.beside(absorbed.holder)
        # What it brings along it had already.
        if wanted > absorbed.units:
            room = hold_budgets.room_for(book, item, holder, wanted, own)
            wanted = min(wanted, max(has, absorbed.units, room.units))
        if own is not None:
            book.holders.name(own, holder)
    if own is not None:
        book.set_quantity(own, wanted)
    elif wanted:
        book.hold(item, wanted, cart.cart_token, holder=holder)
    return HoldLine(line.sku, line.quantity, wanted)
