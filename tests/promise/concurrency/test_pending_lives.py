"""Lives of unpaid orders on a scarce shelf: a gateway pays late, twice, out of order and after a cancellation.

Each order awaits its payment for some milliseconds; several workers deliver what Shopify says of it, shuffled and
doubled, and no job runs meanwhile. When all is quiet, no unit is in two hands, and none is stuck: within a second of
the last order's time, everything that nobody bought can be bought. ``UNPAID_LIVES`` says how many lives (600 by
default).
"""

import os
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock, Semaphore

import pytest
from django.db.models.functions import Now

from reservations import engine
from reservations.engine import Order, OrderLine
from reservations.models import Payment, Reservation, Shop, ShopifyOrder, Shortfall, Status
from reservations.shopify.orders import order_payment
from reservations.shopify.orders.payment import PaymentNews
from tests.factories import database_now, make_shop, settle_one, stock_of
from tests.support.patience import wait_until
from tests.support.rendezvous import at_once, raised

pytestmark = pytest.mark.django_db(transaction=True)

LIVES = int(os.environ.get("UNPAID_LIVES", "600"))
# A shelf's worth: so many orders want so few units of so many SKUs.
ORDERS, SKUS, UNITS, WORKERS = 100, 4, 6, 4
LONGEST_MILLISECONDS = 300.0
STUCK_SECONDS = 1.0
MORNING = datetime(2026, 11, 27, 8, tzinfo=UTC)
# What a gateway and a merchant make of an order, each word with the second at which it was true.
LIVES_OF_PAYMENTS = (
    ("pending",),
    ("pending", "paid"),
    ("pending", "paid", "paid"),
    ("pending", "expired"),
    ("pending", "expired", "paid"),
    ("pending", "voided", "pending", "paid"),
    ("pending", "cancelled"),
    ("pending", "cancelled", "paid"),
    ("pending", "paid", "cancelled"),
    ("authorized", "paid"),
    ("authorized", "voided"),
)


@dataclass
class Life:
    """An order, what is to be told of it, and what is known of it so far."""

    sku: str
    units: int
    patience: timedelta
    words: tuple[str, ...]
    row: ShopifyOrder
    # When its payment is due, from the first word on.
    due: datetime | None = None
    # Stands for the lock on the order's row.
    lock: Lock = field(default_factory=Lock)

    def learn(self, shop: Shop, second: int) -> None:
        """Learn the word of this second, and settle the order."""
        word = self.words[second]
        with self.lock:
            self.due = self.due or database_now() + self.patience
            if word == "cancelled":
                self.row.cancelled = True
            else:
                order_payment.merge(self.row, PaymentNews(MORNING + timedelta(seconds=second), word))
                # The method's figure has minutes, this test has none.
                self.row.payment_due_at = self.due
            kept = 0 if self.row.cancelled else self.units
            lines = [OrderLine(self.sku, kept, kept)]
            until = order_payment.held_until(self.row, shop)
            settled = order_payment.settled_lines(self.row, lines)
            _settled(shop, Order(self.row.order_id, settled, held_until=until))

    @property
    def is_bought(self) -> bool:
        """Whether all its words make it an order that bought its units."""
        return self.row.payment == Payment.PAID and not self.row.cancelled


def _settled(shop: Shop, order: Order) -> None:
    """Settle it; what Shopify says is tried again while a row is busy or the database is away."""

    def is_settled() -> bool:
        try:
            settle_one(shop.pk, order)
        except (engine.Busy, engine.Unavailable, engine.OutcomeUnknown):
            return False
        return True

    wait_until(is_settled, "the row is free")


def a_life(number: int, shop: Shop, chance: random.Random, skus: list[str]) -> Life:
    patience = timedelta(milliseconds=chance.uniform(0, LONGEST_MILLISECONDS))
    row = ShopifyOrder(shop=shop, order_id=str(number))
    return Life(chance.choice(skus), chance.choice((1, 1, 2)), patience, chance.choice(LIVES_OF_PAYMENTS), row)


def live(shop: Shop, lives: list[Life], chance: random.Random) -> None:
    """Deliver every word of these lives, most of them in their turn, some doubled, late or first."""
    told = [(life, second) for life in lives for second in range(len(life.words))]
    told += chance.choices(told, k=len(told) // 4)
    places = {id(one): chance.gauss(one[1], 1.0) for one in told}
    told.sort(key=lambda one: places[id(one)])
    delivered = Semaphore(0)
    work = [partial(_deliver, shop, told[worker::WORKERS], delivered) for worker in range(WORKERS)]
    outcomes = at_once([*work, partial(_watch, shop, lives, delivered)])
    assert raised(outcomes) == []


def _deliver(shop: Shop, told: list[tuple[Life, int]], delivered: Semaphore) -> None:
    try:
        for life, second in told:
            life.learn(shop, second)
    finally:
        delivered.release()


def _watch(shop: Shop, lives: list[Life], delivered: Semaphore) -> None:
    """Look again and again, until the last order's time: each living hold is one order's, and ends with its time."""
    by_order = {life.row.order_id: life for life in lives}
    workers = 0
    while workers < WORKERS or any(life.due and life.due > database_now() for life in lives):
        workers += delivered.acquire(blocking=False)
        living = Reservation.objects.filter(shop=shop, status=Status.ACTIVE, expires_at__gt=Now())
        for order_id, expires_at in living.values_list("order_id", "expires_at"):
            assert expires_at == by_order[order_id].due, order_id


def judge(shop: Shop, lives: list[Life], skus: list[str]) -> float:
    """Fail if a unit is in two hands, or stuck; returns the seconds since the last order's time."""
    last = max(life.due for life in lives if life.due)
    for sku in skus:
        # By the clock alone every unit is bought, free, or goes next to a paid order that lacks it.
        stock = engine.stock(shop.pk, sku)
        assert stock.reserved == 0, sku
        assert stock.available == UNITS - stock.in_flight - stock.due >= 0, sku
    late = (database_now() - last).total_seconds()
    # What the sweep does every second, for the orders that were paid when the last unit was still another's.
    engine.expire(shop.pk)
    found = Shortfall.objects.filter(shop=shop, stock_item__sku__in=skus, quantity__gt=0)
    lacking = dict(found.values_list("order_id", "quantity"))
    for sku in skus:
        own = [life for life in lives if life.sku == sku]
        bought = sum(life.units for life in own if life.is_bought)
        short = sum(lacking.get(life.row.order_id, 0) for life in own)
        stock = engine.stock(shop.pk, sku)
        assert (stock.in_flight, stock.due) == (bought - short, 0), sku
        # Nobody lacks a unit beside a free one.
        assert not (short and stock.available), sku
    assert not lacking.keys() & {life.row.order_id for life in lives if not life.is_bought}
    return late


def test_no_unit_of_an_unpaid_order_is_in_two_hands_or_stuck_after_its_time() -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance, shop = random.Random(seed), make_shop()
    in_time = 0
    for done in range(0, LIVES, ORDERS):
        skus = [stock_of(shop, UNITS, f"SKU-{done}-{number}") for number in range(SKUS)]
        lives = [a_life(done + number, shop, chance, skus) for number in range(ORDERS)]
        live(shop, lives, chance)
        in_time += judge(shop, lives, skus) <= STUCK_SECONDS
    print(f"{LIVES} lives; {in_time} shelves of {ORDERS} were judged within a second of their last order's time")
    assert in_time
    assert engine.audit(shop.pk) == []
