"""The shop in which a life runs, from its first unit until all is quiet."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from django.db.models.functions import Now

from bling_sync.models import Connection, Mode
from reservations import engine
from reservations.models import InventoryMode, PublishedLevel, Reservation, Shop, ShopifyOrder, Shortfall
from reservations.shopify.catalogue import walk
from reservations.shopify.inventory import publication
from reservations.shopify.orders.missed_orders import order_sweep
from reservations.shopify.webhooks import processor
from sandbox.bling import RunningStandIn as Bling
from sandbox.shopify import RunningStandIn
from sandbox.shopify.store import Store
from tests.shopify.stores import installed_shop

from . import verdict
from .company import Company
from .life import CONTINUES, SKUS, UNTRACKED, Life
from .mail import AFTER_THE_SWEEP, Mail
from .merchant import Merchant

LEVELS = "inventory_levels/update"
# Steps after which the outbox is sent at once; what comes back meanwhile makes an unsent sale smaller.
PUSHED_ONCE_IN = 3


@dataclass
class Ended:
    """How a life ended: its story, what was `wrong` in the end, and how much the sweep had to find."""

    life: Life
    story: list[str]
    wrong: list[str]
    found_by_sweep: int
    lost: Counter[str] = field(default_factory=Counter)


def live(
    shopify: RunningStandIn,
    life: Life,
    *,
    bling: Bling | None = None,
    ignores: Collection[str] = (),
    loses: bool = True,
    sweeps: bool = True,
) -> Ended:
    """Let a life run. Topics that it `ignores` are never told; without `sweeps` nobody looks for what was lost.

    With a `bling`, what is sold is told to it over HTTP now and then, and all of it in the end.
    """
    shop = open_shop(shopify, life, counts=bling is None)
    company = None if bling is None else Company(bling, shop, life)
    store = shopify.shopify.stores[shop.domain]
    merchant = Merchant(shopify, store, partial(_count, shop, company), life.payments)
    publishes = life.choices.publishes
    # Where we publish, a count reaches Shopify by us.
    merchant.counts_at_shopify = not publishes
    mail = Mail(shopify.shopify, shop.domain, ignores=(*ignores, *([] if publishes else [LEVELS])), loses=loses)
    wrong: list[str] = []
    for place, step in enumerate(life.steps):
        merchant.play(step)
        mail.collect(place, step.number)
        arrive(shop, mail, place, step.number)
        wrong += _what_tills_lack(shop)
        if company is not None and step.number % PUSHED_ONCE_IN == 0:
            company.push()
        if publishes:
            wrong += _publish(shop, merchant)
    arrive(shop, mail, AFTER_THE_SWEEP - 1, life.number)
    found = _sweep(shop, merchant) if sweeps else 0
    arrive(shop, mail, 2 * AFTER_THE_SWEEP, life.number)
    _let_carts_die(shop)
    if publishes:
        wrong += _publish(shop, merchant)
        wrong += verdict.shown_wrong(shop, store, _besides(shop, merchant))
    if company is not None:
        company.settle()
        wrong += company.disagreements(verdict.ours(shop).told)
    wrong += verdict.disagreements(shop, store, merchant.counted_here)
    return Ended(life, merchant.story, wrong, found, Counter(mail.lost))


def _count(shop: Shop, company: Company | None, sku: str, delta: int) -> bool:
    """A person has found more units, or fewer: at Bling, or here; False where fewer than none would be left."""
    # What was sold lies on no shelf now, whether or not Bling has heard of it.
    known = engine.stock(shop.pk, sku)
    units = known.on_hand - known.in_flight + delta
    if units < 0:
        return False
    if company is not None:
        company.count(sku, delta)
    else:
        engine.apply_count(shop.pk, sku, units)
    return True


def _publish(shop: Shop, merchant: Merchant) -> list[str]:
    """Publish what is due; every number that was written and that Shopify's own books contradict.

    Those know the store's whole trade, and what was counted here.
    """
    store = merchant.store
    known = len(store.writes)
    PublishedLevel.objects.filter(shop=shop).update(retry_at=None)
    publication.publish_due_levels(shop.pk)
    written = store.writes[known:]
    merchant.story += [f"Shopify is told that there are {one.available} {one.sku}" for one in written]
    besides = _besides(shop, merchant) if written else Counter[str]()
    left = [(one, one.by_trade + besides[str(one.sku)]) for one in written]
    return [
        f"{one.available} {one.sku} were written, Shopify's own books leave {units}"
        for one, units in left
        if one.available != max(0, units)
    ]


def _besides(shop: Shop, merchant: Merchant) -> Counter[str]:
    """Units by SKU that are here besides what Shopify's trade leaves; fewer than none where a count said so."""
    units = verdict.on_the_shelf_after_all(shop, merchant.store)
    units.update(merchant.counted_here)
    return units


def _what_tills_lack(shop: Shop) -> list[str]:
    """Where the merchant lets tills take what carts hold: what a till's order lacks while a cart holds it."""
    if not shop.till_takes_holds:
        return []
    tills = ShopifyOrder.objects.filter(shop=shop, source="pos").values("order_id")
    short = Shortfall.objects.filter(shop=shop, order_id__in=tills, quantity__gt=0)
    in_carts = Reservation.objects.filter(
        shop=shop, status="active", order_id="", cart_token__isnull=False, expires_at__gt=Now()
    )
    lacking = short.filter(stock_item__in=in_carts.values("stock_item")).values_list("order_id", "stock_item__sku")
    return [f"order {order_id} of a till lacks {sku}, which a cart holds" for order_id, sku in lacking]


def open_shop(shopify: RunningStandIn, life: Life, *, counts: bool = True) -> Shop:
    """A shop with the life's units, linked.

    It `counts` them itself, and is connected to a Bling that does not answer; or Bling's import will.
    """
    # The life before went ahead of the real time, in which a merchant opens the app.
    shopify.shopify.clock.skipped_seconds = 0
    choices = life.choices
    shop = installed_shop(
        shopify, tell_test_orders=choices.tells_test_orders, till_takes_holds=choices.till_takes_holds
    )
    store = shopify.shopify.stores[shop.domain]
    _stock(store, life)
    # A life of minutes runs in a second: points would not come back so fast, and every call would wait for them.
    store.rules.charge = False
    walk.to_the_end(shop.pk)
    if choices.publishes:
        shop.inventory_mode, shop.inventory_location_id = InventoryMode.PUBLISH, store.location.number
        shop.save(update_fields=["inventory_mode", "inventory_location_id"])
    if counts:
        Connection.objects.create(shop=shop, mode=Mode.MOVEMENT)
    for sku, units, elsewhere in zip(SKUS, life.units, life.elsewhere, strict=True) if counts else ():
        # Where we write one location's inventory, its shelf is ours; else every location sells from the one stock.
        engine.apply_count(shop.pk, sku, units if choices.publishes else units + elsewhere)
    # Shopify's times are whole seconds: an order of the installation's own second might be older.
    shopify.shopify.clock.skip(2)
    return shop


def _stock(store: Store, life: Life) -> None:
    """Put the life's goods on two shelves."""
    another = store.add_location("Outra loja")
    for sku, units, elsewhere, nature in zip(SKUS, life.units, life.elsewhere, life.natures, strict=True):
        made = store.add_product(sku.title(), [{"sku": sku, "quantity": units, "tracked": nature != UNTRACKED}])
        made.items[0].inventory_policy = "CONTINUE" if nature == CONTINUES else "DENY"
        store.activate(made.items[0].inventory_item, another).units["available"] = elsewhere


def arrive(shop: Shop, mail: Mail, step: int, number: int) -> None:
    """What is due arrives and is processed."""
    if mail.bring(step, number):
        processor.process_due_deliveries(shop.pk, seconds=30)


def _sweep(shop: Shop, merchant: Merchant) -> int:
    """What the product looks for itself, when every webhook had its time to come: orders, the catalogue, levels."""
    until = merchant.store.now() + timedelta(seconds=5)
    found = order_sweep.ask_for_missed_orders(shop.pk, seconds=60, until=until)
    if merchant.changed_the_catalogue:
        walk.to_the_end(shop.pk)
    PublishedLevel.objects.filter(shop=shop).update(seen_at=Now() - timedelta(days=2))
    return found


def _let_carts_die(shop: Shop) -> None:
    """Whoever did not buy has gone, so that a paid order no longer waits for a unit in somebody's cart."""
    carts = Reservation.objects.filter(shop=shop, status="active", order_id="").exclude(cart_token=None)
    carts.update(expires_at=Now() - timedelta(seconds=1))
    engine.expire(shop.pk)
    engine.rescue(shop.pk)
