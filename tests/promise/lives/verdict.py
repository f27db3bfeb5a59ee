"""When all is quiet: what Shopify's own books leave, against ours and what Bling was told."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bling_sync.models import Push
from reservations import engine
from reservations.models import Shop, Shortfall, StockItem, WebhookDelivery
from sandbox.shopify.entities import Order
from sandbox.shopify.store import Store

from .life import SKUS

Units = dict[str, int]


@dataclass(frozen=True)
class Books:
    """Units by SKU that nobody has bought, and units by order and SKU that Bling has to take off, net."""

    unsold: Units
    told: dict[str, Units]


def shopifys(store: Store, counted: Mapping[str, int]) -> Books:
    """What Shopify leaves. An unpaid order commits units there that here are only held: nobody has bought them.

    An order that ships before it is paid has bought its units all the same: they are gone. One that is cancelled
    commits nothing, and what it did not restock is gone too.
    """
    unsold: Counter[str] = Counter(dict.fromkeys(SKUS, 0))
    told: dict[str, Units] = {}
    for variant in store.variants.values():
        levels = variant.inventory_item.levels.values()
        unsold[str(variant.sku)] += sum(level.by_trade for level in levels) + counted.get(str(variant.sku), 0)
    for order in store.orders.values():
        kept = _kept(order)
        if order.unpaid and not order.has_shipped and order.cancelled is None:
            unsold.update(kept)
        elif kept:
            told[str(order.number)] = kept
    return Books(dict(unsold), told)


def ours(shop: Shop) -> Books:
    """What the service's own rows say."""
    items = StockItem.objects.filter(shop=shop)
    told: dict[str, Counter[str]] = {}
    skus = {item.pk: item.sku for item in items}
    for push in Push.objects.filter(shop=shop):
        sign = 1 if push.kind == "sale" else -1
        told.setdefault(push.order_id, Counter())[skus[push.stock_item_id]] += sign * push.units
    net = {order: {sku: units for sku, units in found.items() if units} for order, found in told.items()}
    unsold = {item.sku: item.on_hand - item.in_flight for item in items}
    return Books(unsold, {order: found for order, found in net.items() if found})


def disagreements(shop: Shop, store: Store, counted: Mapping[str, int] | None = None) -> list[str]:
    """Every point in which the books disagree, and whatever else is wrong with ours.

    Units that were `counted` only here reach Shopify by what we publish, which is no trade of the store.
    """
    theirs, mine = shopifys(store, counted or {}), ours(shop)
    _leave_on_the_shelf_what_nobody_got(shop, store, theirs, mine)
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


def _leave_on_the_shelf_what_nobody_got(shop: Shop, store: Store, theirs: Books, mine: Books) -> None:
    """The one point in which we differ from Shopify on purpose (docs/shopify.md).

    A unit that an order lacked here, and that was paid back without restocking, was never the order's: it is on the
    shelf, or somebody else has it.
    """
    for order_id, sku in Shortfall.objects.filter(shop=shop).values_list("order_id", "stock_item__sku"):
        lines = [line for line in store.orders[int(order_id)].lines if line.variant is not None and line.sku == sku]
        paid_back = sum(line.off_shelf - line.current_quantity for line in lines)
        due = theirs.told.get(order_id, {})
        never_got = min(paid_back, due.get(sku, 0) - mine.told.get(order_id, {}).get(sku, 0))
        if never_got > 0:
            theirs.unsold[sku] += never_got
            theirs.told[order_id] = {
                each: left for each, units in due.items() if (left := units - never_got * (each == sku))
            }


def _kept(order: Order) -> Units:
    kept: Counter[str] = Counter()
    for line in order.lines:
        if line.variant is not None and line.off_shelf:
            kept[str(line.sku)] += line.off_shelf
    return dict(kept)
