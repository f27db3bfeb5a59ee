"""The model's orders: how an order stands, and how the shop settles it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .rules import Reservation
from .shop import Shop


@dataclass
class Standing:
    """An order as Shopify reports it: for each SKU the units kept, and how many of them the buyer still awaits.

    One that is unpaid buys nothing and lacks nothing: it holds its units until its payment is due at `held_until`.
    """

    order: str
    lines: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    cart: str | None = None
    hold: Reservation | None = None
    aliases: Sequence[str] = ()
    held_until: float | None = None

    def touches(self, shop: Shop) -> set[str]:
        """The SKUs of its lines, and those of which its cart or its hold has units."""
        return {*self.lines, *(held.sku for held in shop.holds if _comes_from(held, self))}


def settle(shop: Shop, told: Standing) -> list[tuple[str, int, int, int]]:
    """Bring the shop into line with the order; returns for each stocked SKU the units sold, short, and held."""
    shop.serve(told.lines)
    # Before anything changes: a hold that is given back no longer says that it was this order's.
    touched = told.touches(shop)
    stocked = {sku: units for sku, units in told.lines.items() if sku in shop.counted}
    answer = [_settle(shop, told, sku, *units) for sku, units in stocked.items()]
    for held in shop.holds:
        stays = told.held_until is not None and held.order and held.sku in told.lines
        if _comes_from(held, told) and held.alive(shop.now) and not stays:
            held.end = "released"
    shop.serve(touched | told.touches(shop))
    return answer


def resolve(shop: Shop, order: str, sku: str) -> bool:
    """Close, as a person does, the shortfall of an order in a SKU."""
    is_open = bool(shop.shortfalls.get((order, sku))) and (order, sku) not in shop.resolved
    if is_open:
        shop.resolved.add((order, sku))
    shop.serve([sku])
    return is_open


def keep_out(shop: Shop, order: str, *, out: bool) -> bool:
    """A person lets nothing that the order lacks come to it by itself, or lets it wait again."""
    lacking = {where for where, units in shop.shortfalls.items() if where[0] == order and units} - shop.resolved
    changed = lacking - shop.kept_out if out else lacking & shop.kept_out
    shop.kept_out ^= changed
    shop.serve([sku for _, sku in lacking])
    return bool(changed)


def _settle(shop: Shop, told: Standing, sku: str, kept: int, awaited: int) -> tuple[str, int, int, int]:
    where = told.order, sku
    has = _bought(shop, told, sku) - shop.returned.get(where, 0)
    lacked = shop.shortfalls.get(where, 0)
    # After a shortfall, units paid back since are no longer bought; units that were there stay with the buyer.
    goal = max(has, awaited) if where in shop.shortfalls and has <= kept else kept
    more, holds = goal - has - (lacked if where in shop.resolved | shop.kept_out else 0), 0
    if has > goal:
        shop.returned[where] = shop.returned.get(where, 0) + has - goal
        shop.sales.append((shop.now, sku, goal - has))
        has = goal
    if told.held_until is not None:
        holds = _hold(shop, told, sku, max(0, more), told.held_until)
    else:
        has += _buy(shop, told, sku, more)
    # Nothing is owed before it is paid, but what a person has said of it stays said.
    lacks = max(0, awaited - has) if told.held_until is None else lacked if where in shop.resolved else 0
    if lacks and where not in shop.shortfalls and any(shop.shortfalls[kept] for kept in _kept_out(shop, told.order)):
        # An order is kept out as a whole, also with what it lacks later.
        shop.kept_out.add(where)
    if lacks or where in shop.shortfalls:
        shop.shortfalls[where] = lacks
    if lacks > lacked and where in shop.resolved:
        # Open again, and kept out until a person says what the buyer still gets of it.
        shop.resolved.discard(where)
        shop.kept_out.add(where)
    return sku, has, lacks, holds


def _kept_out(shop: Shop, order: str) -> list[tuple[str, str]]:
    return [where for where in shop.kept_out if where[0] == order]


def _bought(shop: Shop, told: Standing, sku: str) -> int:
    """Units of the order's sales; it adopts a sale of its own cart or hold that had no order yet."""
    sales = [held for held in shop.holds if held.sku == sku and held.end == "confirmed"]
    for sale in sales:
        if not sale.order and _comes_from(sale, told):
            sale.order = told.order
    return sum(sale.quantity for sale in sales if sale.order in {told.order, *told.aliases})


def _buy(shop: Shop, told: Standing, sku: str, units: int) -> int:
    """Buy up to `units`, from the buyer's holds first; returns how many there were."""
    bought = 0
    for held in _own(shop, told, sku):
        if bought < units:
            held.quantity = min(held.quantity, units - bought)
            shop.pay(held)
            held.order = told.order
            shop.sell_hold(held)
            bought += held.quantity
    free = min(units - bought, shop.available(sku))
    if free > 0:
        sale = Reservation(sku, free, told.cart, shop.now, shop.now, order=told.order)
        shop.holds.append(sale)
        shop.sell_hold(sale)
        bought += free
    return bought


def _hold(shop: Shop, told: Standing, sku: str, units: int, until: float) -> int:
    """Hold up to `units` until then, the buyer's holds first; past that time, none. Returns how many are held."""
    wanted, holds = units if until > shop.now else 0, 0
    for held in _own(shop, told, sku):
        if holds < wanted:
            held.quantity, held.order, held.expires = min(held.quantity, wanted - holds), told.order, until
            holds += held.quantity
        elif held.order:
            held.end = "released"
    free = min(wanted - holds, shop.available(sku))
    if free > 0:
        shop.holds.append(Reservation(sku, free, told.cart, shop.now, until, order=told.order))
    return holds + max(0, free)


def _own(shop: Shop, told: Standing, sku: str) -> list[Reservation]:
    """The living holds that the order came from: its own first, then its cart's, then the one that a line names."""
    own = [held for held in shop.holds if held.sku == sku and held.alive(shop.now) and _comes_from(held, told)]
    return sorted(own, key=lambda held: (not held.order, not (told.cart and held.cart == told.cart)))


def _comes_from(held: Reservation, told: Standing) -> bool:
    """Whether the order came from this hold: it is the order's, its cart says so, or a line names the hold."""
    if held.order and not held.end:
        return held.order == told.order
    return held is told.hold or bool(told.cart and held.cart == told.cart)
