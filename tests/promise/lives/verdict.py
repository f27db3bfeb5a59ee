"""When all is quiet: what Shopify's own books leave, against ours and what Bling was told."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bling_sync.models import Push, PushState
from reservations import engine
from reservations.models import Reservation, Shop, Shortfall, StockItem, WebhookDelivery
from sandbox.shopify.entities import Order
from sandbox.shopify.store import Store

from .life import SKUS

Units = dict[str, int]


@dataclass(frozen=True)
class Books:
    """Units by SKU that nobody has bought, and units by order and SKU that Bling has to take off, net."""

    unsold: Units
    told: dict[str, Units]


def shopifys(shop: Shop, store: Store, counted: Mapping[str, int]) -> Books:
    """What Shopify leaves. An unpaid order commits units there that here are only held: nobody has bought them.

    An order that ships before it is paid has bought its units all the same: they are gone. One that is cancelled
    commits nothing, and what it did not restock is gone too. Where we write the inventory of one location, another
    location's shelf is none of ours. Bling hears of test orders only where the merchant wants that.
    """
    places = _places(shop, store)
    unsold: Counter[str] = Counter(dict.fromkeys(SKUS, 0))
    told: dict[str, Units] = {}
    for variant in store.variants.values():
        levels = variant.inventory_item.levels
        here = sum(level.by_trade for place, level in levels.items() if place in places)
        unsold[str(variant.sku)] += here + counted.get(str(variant.sku), 0)
    for order in store.orders.values():
        kept = _kept(order, places)
        if order.unpaid and not order.has_shipped and order.cancelled is None:
            unsold.update(kept)
        elif kept and (shop.tell_test_orders or not order.test):
            told[str(order.number)] = kept
    return Books(dict(unsold), told)


def ours(shop: Shop) -> Books:
    """What the service's own rows say."""
    items = StockItem.objects.filter(shop=shop)
    told: dict[str, Counter[str]] = {}
    skus = {item.pk: item.sku for item in items}
    for push in Push.objects.filter(shop=shop).exclude(state=PushState.WITHHELD):
        sign = 1 if push.kind == "sale" else -1
        told.setdefault(push.order_id, Counter())[skus[push.stock_item_id]] += sign * push.units
    net = {order: {sku: units for sku, units in found.items() if units} for order, found in told.items()}
    unsold = {item.sku: item.on_hand - item.in_flight for item in items}
    return Books(unsold, {order: found for order, found in net.items() if found})


def disagreements(shop: Shop, store: Store, counted: Mapping[str, int] | None = None) -> list[str]:
    """Every point in which the books disagree, and whatever else is wrong with ours.

    Units that were `counted` only here reach Shopify by what we publish, which is no trade of the store.
    """
    theirs, mine = shopifys(shop, store, counted or {}), ours(shop)
    for order_id, units in _what_nobody_got(shop, store, theirs, mine).items():
        theirs.unsold.update({sku: theirs.unsold[sku] + some for sku, some in units.items()})
        due = {sku: some - units.get(sku, 0) for sku, some in theirs.told.pop(order_id, {}).items()}
        theirs.told.update({order_id: found} if (found := {sku: some for sku, some in due.items() if some > 0}) else {})
    wrong = [
        f"{sku}: Shopify leaves {theirs.unsold[sku]}, here are {mine.unsold.get(sku)}"
        for sku in SKUS
        if theirs.unsold[sku] != mine.unsold.get(sku)
    ]
    names = {str(order.number): order.name for order in store.orders.values()}
    wrong += [
        f"{names.get(order, order)}: Bling has to hear {due}, it hears {heard}"
        for order in sorted({*theirs.told, *mine.told})
        for due, heard in [(theirs.told.get(order, {}), mine.told.get(order, {}))]
        if due != heard
    ]
    wrong += [f"audit: {finding}" for finding in engine.audit(shop.pk)]
    stuck = WebhookDelivery.objects.filter(shop=shop, status__in=("pending", "parked"))
    return wrong + [f"{one.topic} is {one.status}: {one.error}" for one in stuck]


def shown_wrong(shop: Shop, store: Store, besides: Mapping[str, int]) -> list[str]:
    """Where we write Shopify's numbers: those that are not what the store's trade leaves, and what is `besides` it."""
    found = []
    for variant in store.variants.values():
        level = variant.inventory_item.levels[int(shop.inventory_location_id or 0)]
        shown, left = level.units["available"], level.by_trade + besides.get(str(variant.sku), 0)
        if variant.inventory_item.tracked and max(0, shown) != max(0, left):
            found.append(f"Shopify shows {shown} {variant.sku}, its trade leaves {left}")
    return found


def on_the_shelf_after_all(shop: Shop, store: Store) -> Counter[str]:
    """Units by SKU that Shopify has given to orders and that are on the shelf here on purpose (docs/shopify.md)."""
    found = _what_nobody_got(shop, store, shopifys(shop, store, {}), ours(shop))
    return sum((Counter(units) for units in found.values()), Counter[str]())


def _what_nobody_got(shop: Shop, store: Store, theirs: Books, mine: Books) -> dict[str, Units]:
    """The two points in which we differ from Shopify on purpose: units by order and SKU.

    A unit that an order lacked here, and that was paid back without restocking, was never the order's: it is on the
    shelf, or somebody else has it. Nor does a test order wait for what a cart held.
    """
    found: dict[str, Counter[str]] = {}
    for order_id, sku in Shortfall.objects.filter(shop=shop).values_list("order_id", "stock_item__sku"):
        lines = [line for line in store.orders[int(order_id)].lines if line.variant is not None and line.sku == sku]
        paid_back = sum(line.off_shelf - line.current_quantity for line in lines)
        lacks = theirs.told.get(order_id, {}).get(sku, 0) - mine.told.get(order_id, {}).get(sku, 0)
        found.setdefault(order_id, Counter())[sku] += max(0, min(paid_back, lacks))
    for order in store.orders.values() if not shop.tell_test_orders else ():
        if order.test:
            sold = Reservation.objects.filter(shop=shop, order_id=str(order.number), status="confirmed")
            got = Counter[str]()
            for sku, units, returned in sold.values_list("stock_item__sku", "quantity", "returned"):
                got[sku] += units - returned
            found[str(order.number)] = Counter(_kept(order, _places(shop, store))) - got
    return {order_id: dict(units) for order_id, units in found.items() if +units}


def _places(shop: Shop, store: Store) -> list[int]:
    """The locations whose shelves are ours: the one of which we write the inventory, or all."""
    return [shop.inventory_location_id] if shop.inventory_location_id else list(store.locations)


def _kept(order: Order, places: Collection[int]) -> Units:
    kept: Counter[str] = Counter()
    for line in order.lines:
        if line.variant is not None and line.off_shelf and line.location.number in places:
            kept[str(line.sku)] += line.off_shelf
    return dict(kept)
