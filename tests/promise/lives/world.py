"""The shop in which a life runs, from its first unit until all is quiet."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models.functions import Now

from bling_sync.models import Connection, Mode
from reservations import engine
from reservations.models import InventoryMode, PublishedLevel, Reservation, Shop
from reservations.shopify.catalogue import walk
from reservations.shopify.inventory import publication
from reservations.shopify.orders.missed_orders import order_sweep
from reservations.shopify.webhooks import processor
from sandbox.shopify import RunningStandIn
from sandbox.shopify.store import Store
from tests.shopify.stores import installed_shop

from . import verdict
from .life import SKUS, Life
from .mail import AFTER_THE_SWEEP, Mail
from .merchant import Merchant

LEVELS = "inventory_levels/update"
OTHERS = ("inventory_items/update", "products/create", "products/update")


@dataclass
class Ended:
    """How a life ended: its story, what was `wrong` in the end, and how much the sweep had to find."""

    life: Life
    story: list[str]
    wrong: list[str]
    found_by_sweep: int
    lost: Counter[str] = field(default_factory=Counter)


def live(
    shopify: RunningStandIn, life: Life, *, ignores: Collection[str] = (), loses: bool = True, sweeps: bool = True
) -> Ended:
    """Let a life run. Topics that it `ignores` are never told; without `sweeps` nobody looks for what was lost."""
    shop = open_shop(shopify, life)
    counted = Counter[str]()

    def count(sku: str, delta: int) -> None:
        counted[sku] += delta
        # What was sold lies on no shelf now, whether or not Bling has heard of it.
        known = engine.stock(shop.pk, sku)
        engine.apply_count(shop.pk, sku, known.on_hand - known.in_flight + delta)

    store = shopify.shopify.stores[shop.domain]
    merchant = Merchant(shopify, store, count, life.payments)
    # Where we publish, a count reaches Shopify by us.
    merchant.counts_at_shopify = not life.publishes
    heard = OTHERS if life.publishes else (*OTHERS, LEVELS)
    mail = Mail(shopify.shopify, shop.domain, ignores=(*heard, *ignores), loses=loses)
    wrong: list[str] = []
    for place, step in enumerate(life.steps):
        merchant.play(step)
        mail.collect(place, step.number)
        arrive(shop, mail, place, step.number)
        if life.publishes:
            wrong += _publish(shop, store, mail, counted, merchant.story)
    arrive(shop, mail, AFTER_THE_SWEEP - 1, life.number)
    found = _sweep(shop, shopify) if sweeps else 0
    arrive(shop, mail, 2 * AFTER_THE_SWEEP, life.number)
    _let_carts_die(shop)
    if life.publishes:
        wrong += _publish(shop, store, mail, counted, merchant.story)
    wrong += verdict.disagreements(shop, store, {} if merchant.counts_at_shopify else counted)
    return Ended(life, merchant.story, wrong, found, Counter(mail.lost))


def _publish(shop: Shop, store: Store, mail: Mail, counted: Counter[str], story: list[str]) -> list[str]:
    """Publish what is due; every number that was written and that Shopify's own books contradict.

    Those know the store's whole trade, and what was counted here.
    """
    known = len(store.writes)
    PublishedLevel.objects.filter(shop=shop).update(retry_at=None)
    publication.publish_due_levels(shop.pk)
    written = store.writes[known:]
    story += [f"Shopify is told that there are {one.available} {one.sku}" for one in written]
    return [
        f"{one.available} {one.sku} were written, Shopify's own books leave {one.by_trade + counted[str(one.sku)]}"
        for one in written
        if one.available != max(0, one.by_trade + counted[str(one.sku)])
    ]


def open_shop(shopify: RunningStandIn, life: Life) -> Shop:
    """A shop with the life's units, linked, and connected to Bling, which has heard of nothing yet."""
    # The life before went ahead of the real time, in which a merchant opens the app.
    shopify.shopify.clock.skipped_seconds = 0
    # The life before went ahead of the real time, in which a merchant opens the app.
    shopify.shopify.clock.skipped_seconds = 0
    shop = installed_shop(shopify)
    products = [{"variants": [{"sku": sku, "quantity": units}]} for sku, units in zip(SKUS, life.units, strict=True)]
    shopify.control.post("products", shop=shop.domain, products=products, quietly=True)
    # A life of minutes runs in a second: points would not come back so fast, and every call would wait for them.
    shopify.shopify.stores[shop.domain].rules.charge = False
    walk.to_the_end(shop.pk)
    Connection.objects.create(shop=shop, mode=Mode.MOVEMENT)
    if life.publishes:
        place = shopify.shopify.stores[shop.domain].location.number
        Shop.objects.filter(pk=shop.pk).update(inventory_mode=InventoryMode.PUBLISH, inventory_location_id=place)
    for sku, units in zip(SKUS, life.units, strict=True):
        engine.apply_count(shop.pk, sku, units)
    # Shopify's times are whole seconds: an order of the installation's own second might be older.
    shopify.shopify.clock.skip(2)
    return shop


def arrive(shop: Shop, mail: Mail, step: int, number: int) -> None:
    """What is due arrives and is processed."""
    if mail.bring(step, number):
        processor.process_due_deliveries(shop.pk, seconds=30)


def _sweep(shop: Shop, shopify: RunningStandIn) -> int:
    """The product's own sweep, at a time when every webhook had its time to come by itself."""
    until = shopify.shopify.stores[shop.domain].now() + timedelta(seconds=5)
    return order_sweep.ask_for_missed_orders(shop.pk, seconds=60, until=until)


def _let_carts_die(shop: Shop) -> None:
    """Whoever did not buy has gone, so that a paid order no longer waits for a unit in somebody's cart."""
    carts = Reservation.objects.filter(shop=shop, status="active", order_id="").exclude(cart_token=None)
    carts.update(expires_at=Now() - timedelta(seconds=1))
    engine.expire(shop.pk)
    engine.rescue(shop.pk)
