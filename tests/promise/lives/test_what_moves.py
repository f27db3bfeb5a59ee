"""What one thing that happens at Shopify moves here, and what Bling hears of it: the table of docs/shopify.md."""

import re
from collections.abc import Callable

import pytest

from basico_stock.environment import REPOSITORY
from sandbox.shopify import RunningStandIn, trade
from sandbox.shopify.entities import Order, Variant
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.store import Store

from . import verdict, world
from .life import SKUS, Life
from .mail import AFTER_THE_SWEEP, Mail

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]

UNITS = 10


class Scene:
    """A shop with ten units of each SKU and one order of two units of the first, if something is to become of it."""

    def __init__(self, shopify: Shopify, store: Store) -> None:
        self.shopify, self.store = shopify, store
        self.first, self.second, _ = store.variants.values()

    def bought(
        self, payment: str = "PAID", source: str = "web", *, bundle: bool = False, fulfilled: bool = False
    ) -> Order:
        lines = [(self.first, 2), (self.second, 1)] if bundle else [(self.first, 2)]
        wanted = [trade.Wanted(variant, units, bundle="Kit" if bundle else None) for variant, units in lines]
        how = trade.Circumstances(payment=payment, source=source, gateways=("Pix",), location=self.store.location)
        order = trade.buy(self.shopify, self.store, wanted, how)
        if fulfilled:
            trade.fulfil(self.shopify, self.store, order, [(order.lines[0], 2)])
        return order

    def refunded(self, kind: str, *, fulfilled: bool = False) -> None:
        order = self.bought(fulfilled=fulfilled)
        trade.refund(self.shopify, self.store, order, [(order.lines[0], 1)], kind)

    def edited(self, delta: int) -> None:
        order = self.bought()
        trade.edit(self.shopify, self.store, order, order.lines[0], delta)

    def cancelled(self, payment: str = "PAID", *, restock: bool = True, records: bool = True) -> None:
        order = self.bought(payment)
        trade.cancel(self.shopify, self.store, order, reason="customer", restock=restock, records_refund=records)

    def returned(self, disposition: str = "", exchange: Variant | None = None, then: str = "") -> None:
        order = self.bought(fulfilled=True)
        exchanges = [(exchange, 1)] if exchange else []
        made = trade.open_return(self.shopify, self.store, order, [(order.lines[0], 1)], exchanges)
        if disposition:
            trade.process(self.shopify, self.store, made, [trade.Processing(made.lines[0], {disposition: 1})])
        if then:
            trade.dispose(self.shopify, self.store, made, made.lines[0], then, 1)

    def exchanged_at_the_till(self) -> None:
        order = self.bought(source="pos")
        trade.exchange_at_till(self.shopify, self.store, order, [(order.lines[0], 1)], [(self.second, 1)])

    def paid_later(self, *, lapsed: bool = False) -> None:
        order = self.bought("PENDING")
        if lapsed:
            trade.set_payment(self.shopify, self.store, order, "EXPIRED")
        trade.pay(self.shopify, self.store, order)

    def corrected(self) -> None:
        trade.correct(self.shopify, self.store, self.first.inventory_item.levels[self.store.location.number], 3)

    def lapsed(self) -> None:
        trade.set_payment(self.shopify, self.store, self.bought("PENDING"), "EXPIRED")


# By the table's first column: what happens, the units sold of the first SKU, and of the second.
ROWS: dict[str, tuple[Callable[[Scene], object], int, int]] = {
    "An order is placed and paid": (lambda scene: scene.bought(), 2, 0),
    "A draft is completed as paid": (lambda scene: scene.bought(source="shopify_draft_order"), 2, 0),
    "A subscription renews": (lambda scene: scene.bought(source="subscription_contract"), 2, 0),
    "A till sells": (lambda scene: scene.bought(source="pos"), 2, 0),
    "A bundle is bought": (lambda scene: scene.bought(bundle=True), 2, 1),
    "Its payment is awaited": (lambda scene: scene.bought("PENDING"), 0, 0),
    "The awaited payment comes": (lambda scene: scene.paid_later(), 2, 0),
    "The awaited payment expires or is void": (lambda scene: scene.lapsed(), 0, 0),
    "It comes after it expired": (lambda scene: scene.paid_later(lapsed=True), 2, 0),
    "An unpaid order is cancelled": (lambda scene: scene.cancelled("PENDING", records=False), 0, 0),
    "Units are fulfilled": (lambda scene: scene.bought(fulfilled=True), 2, 0),
    "An edit adds a unit": (lambda scene: scene.edited(1), 3, 0),
    "An edit takes a unit out": (lambda scene: scene.edited(-1), 1, 0),
    "A paid order is cancelled and restocked": (lambda scene: scene.cancelled(), 0, 0),
    "A paid order is cancelled and not restocked": (lambda scene: scene.cancelled(restock=False), 2, 0),
    "A refund restocks a unit that had not left": (lambda scene: scene.refunded("cancel"), 1, 0),
    "A refund restocks a unit that came back": (lambda scene: scene.refunded("return", fulfilled=True), 1, 0),
    "A refund restocks nothing": (lambda scene: scene.refunded("no_restock"), 2, 0),
    "A return is opened": (lambda scene: scene.returned(), 2, 0),
    "A returned unit is restocked": (lambda scene: scene.returned("RESTOCKED"), 1, 0),
    "A returned unit is missing": (lambda scene: scene.returned("MISSING"), 2, 0),
    "A returned unit is not restocked": (lambda scene: scene.returned("NOT_RESTOCKED"), 2, 0),
    "A returned unit is to be processed": (lambda scene: scene.returned("PROCESSING_REQUIRED"), 2, 0),
    "A unit in processing is restocked after all": (
        lambda scene: scene.returned("PROCESSING_REQUIRED", then="RESTOCKED"),
        1,
        0,
    ),
    "An exchange is confirmed": (lambda scene: scene.returned("RESTOCKED", exchange=scene.second), 1, 1),
    "A till exchanges a unit": (lambda scene: scene.exchanged_at_the_till(), 1, 1),
    "Somebody types another number at Shopify": (lambda scene: scene.corrected(), 0, 0),
}


@pytest.mark.parametrize("row", ROWS)
def test_each_row_of_the_table_moves_what_it_says(shopify: RunningStandIn, row: str) -> None:
    happens, first, second = ROWS[row]
    shop = world.open_shop(shopify, Life(0, (UNITS,) * len(SKUS), ()))
    store = shopify.shopify.stores[shop.domain]
    mail = Mail(shopify.shopify, shop.domain, ignores=[world.LEVELS], loses=False)
    with shopify.shopify.lock:
        happens(Scene(shopify.shopify, store))
    mail.collect(0, 0)
    world.arrive(shop, mail, 2 * AFTER_THE_SWEEP, 0)
    ours = verdict.ours(shop)
    sold = {sku: units for sku, units in zip(SKUS, (first, second), strict=False) if units}
    assert list(ours.told.values()) == ([sold] if sold else [])
    assert [ours.unsold[sku] for sku in SKUS] == [UNITS - first, UNITS - second, UNITS]
    assert verdict.disagreements(shop, store) == []


def test_the_table_of_the_documentation_has_these_rows() -> None:
    page = (REPOSITORY / "docs" / "shopify.md").read_text()
    table = page.partition("| what happens in Shopify |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| ([^|]+?) \|.*\| `test_what_moves\.py` \|$", table, re.MULTILINE)
    assert rows == list(ROWS)


def test_every_row_of_the_table_names_a_test_that_there_is() -> None:
    page = (REPOSITORY / "docs" / "shopify.md").read_text()
    table = page.partition("| what happens in Shopify |")[2].partition("\n\n")[0]
    named = {row.rpartition("| `")[2].rstrip("` |").rpartition("/")[2] for row in table.splitlines()[2:]}
    assert named <= {path.name for path in (REPOSITORY / "tests").rglob("test_*.py")}
