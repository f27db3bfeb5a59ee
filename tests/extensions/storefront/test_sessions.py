"""Whole visits at random, with the real service behind the shop: adds, changes, discounts, bad lines, tabs, a rival.

`STOREFRONT_SESSIONS` says how many; the suite runs a few.
"""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from reservations import engine
from reservations.models import Reservation, Shop, StockItem
from tests.factories import make_shop, stock_of
from tests.support.patience import PATIENCE_SECONDS

from .real_service import RealService
from .shop import ThemeShop

pytestmark = pytest.mark.django_db(transaction=True)

SESSIONS = int(os.environ.get("STOREFRONT_SESSIONS", "2"))
FIRST = int(os.environ.get("STOREFRONT_FIRST", "0"))
STEPS = 8
SKUS = {"101": "SKU-A", "102": "SKU-B"}
ADDS = [
    "add.json(VARIANT, UNITS)",
    "sent(formed([['id', VARIANT], ['quantity', UNITS]]))",
    "asked('/cart/add.js', 'id=' + VARIANT + '&quantity=' + UNITS)",
    "Shopify.actions.updateCart({ lines: [{ merchandiseId: VARIANT, quantity: UNITS }] }).then(outcomeOf)",
]
CHANGE = """([variant, units]) => fetch("/cart.js").then((a) => a.json()).then(({ items }) => {
    const line = items.find(({ id }) => id === +variant);
    const send = () => post("/cart/change.js", { id: line.key, quantity: units });
    return line ? send().then((status) => [status, line.quantity]) : [404, 0];
})"""


@dataclass
class Session:
    """One shopper's visit. `expected` is what the shop's answers say that the cart has."""

    shop: ThemeShop
    service: RealService
    context: BrowserContext
    rng: random.Random
    pages: list[Page] = field(default_factory=list)
    expected: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SKUS, 0))
    told: list[str] = field(default_factory=list)

    def open_page(self) -> None:
        page = self.context.new_page()
        page.goto(self.shop.url + self.rng.choice(["/", "/", "/grid", "/cart"]))
        page.evaluate("window.outcomeOf = ({ userErrors }) => userErrors?.length ? 422 : 200; 0")
        self.pages.append(page)

    def step(self) -> None:
        kinds = [self.add] * 4 + [self.change] * 3 + [self.discount, self.worse_line, self.open_page, self.rival]
        kind = self.rng.choice([*kinds, self.reload])
        self.told.append(kind.__name__)
        kind()

    def add(self) -> None:
        variant, units = self.rng.choice(list(SKUS)), self.rng.randint(1, 2)
        way = self.rng.choice(ADDS).replace("VARIANT", f"'{variant}'").replace("UNITS", str(units))
        status = self.rng.choice(self.pages).evaluate(way)
        self.told[-1] += f" {way} {status}"
        if status == 200:
            self.expected[variant] += units

    def change(self) -> None:
        variant, units = self.rng.choice(list(SKUS)), self.rng.randint(0, 3)
        status, had = self.rng.choice(self.pages).evaluate(CHANGE, [variant, units])
        self.told[-1] += f" {variant} {had} -> {units} {status}"
        if status == 200:
            self.expected[variant] += units - had

    def discount(self) -> None:
        with self.shop.lock:
            self.shop.cart.rekey()

    def worse_line(self) -> None:
        self.service.seconds = self.rng.choice([0, 0, 0.2, 1.5])
        self.service.loss = self.rng.choice([0, 0, 0.3])

    def reload(self) -> None:
        page = self.rng.choice(self.pages)
        page.reload()
        page.evaluate("window.outcomeOf = ({ userErrors }) => userErrors?.length ? 422 : 200; 0")

    def rival(self) -> None:
        """Somebody else takes a unit, or gives one back."""
        theirs = Reservation.objects.filter(shop=self.service.shop, cart_token=None, status="active").first()
        if theirs is not None:
            engine.release(self.service.shop.pk, engine.ByIds((theirs.pk,)))
            return
        with suppress(engine.OutOfStock):
            engine.reserve(self.service.shop.pk, [engine.Line(self.rng.choice(list(SKUS.values())), 1)])

    def come_to_rest(self) -> None:
        """The line is good again; each page looks once more, and what has been sent arrives."""
        self.service.seconds = self.service.loss = 0
        for page in self.pages:
            page.evaluate("dispatchEvent(new Event('online')); 0")
        for _ in range(int(PATIENCE_SECONDS)):
            self.pages[0].wait_for_timeout(300)
            self.service.rest()
            if not self.faults():
                break
            self.pages[0].evaluate("dispatchEvent(new Event('online')); 0")

    def faults(self) -> list[str]:
        """What is wrong: lost or surplus units, holds that differ from the cart's lines while units are free."""
        found = []
        for variant, sku in SKUS.items():
            units, holds = self.shop.cart.units(sku), self.service.held(sku)
            free = StockItem.objects.get(shop=self.service.shop, sku=sku).available
            if units != self.expected[variant]:
                found.append(f"{sku}: {units} in the cart, {self.expected[variant]} expected")
            if len(holds) > 1:
                found.append(f"{sku}: held by {len(holds)} carts")
            if sum(holds) > units or (sum(holds) < units and free > 0):
                found.append(f"{sku}: {sum(holds)} held of {units}, {free} free")
        return found


@pytest.fixture
def stocked() -> Shop:
    shop = make_shop()
    stock_of(shop, 3, sku="SKU-A")
    stock_of(shop, 5, sku="SKU-B")
    return shop


@pytest.fixture
def session(stocked: Shop, browser: Browser) -> Iterator[Callable[[random.Random], Session]]:
    """Begins a visit; ends it with the test."""
    begun: list[Session] = []

    def begin(rng: random.Random) -> Session:
        service = RealService(stocked, rng)
        shop = ThemeShop(service)
        shop.theme.actions = True
        begun.append(Session(shop, service, browser.new_context(locale="pt-BR"), rng))
        return begun[-1]

    yield begin
    for each in begun:
        each.context.close()
        each.service.rest()
        each.shop.close()


@pytest.mark.parametrize("seed", range(FIRST, FIRST + SESSIONS))
def test_a_visit_ends_with_holds_equal_to_the_carts_lines(
    session: Callable[[random.Random], Session], seed: int
) -> None:
    visit = session(random.Random(seed))
    visit.open_page()
    for _ in range(STEPS):
        visit.step()
    visit.come_to_rest()
    assert visit.faults() == [], "\n".join(visit.told)
    assert not engine.audit(visit.service.shop.pk)
