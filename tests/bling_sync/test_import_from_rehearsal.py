"""An import that goes on from its rehearsal: it reads what has changed since, and every balance again."""

from datetime import timedelta

import pytest
from django.db.models import F

from bling_sync import shop_work
from bling_sync.catalogue import rehearsal, workload
from bling_sync.catalogue import run as imports
from bling_sync.models import Connection, ImportRun
from bling_sync.resources import products
from reservations.models import StockItem
from sandbox.bling import RunningStandIn
from tests.bling_sync.world import FIRST, SECOND, World
from tests.factories import numbers

pytestmark = pytest.mark.django_db(transaction=True)
PRODUCTS = "GET /Api/v3/produtos"
BALANCES = "GET /Api/v3/estoques/saldos"


@pytest.fixture
def rehearsed(bling: RunningStandIn, monkeypatch: pytest.MonkeyPatch) -> World:
    """A shop that has rehearsed its first import, of products enough that going on from it is worth while."""
    monkeypatch.setattr(rehearsal, "WORTHWHILE", 1)
    world = World(bling)
    part = int(bling.control.post("products", sku="PART", quantity=9)["ids"][0])
    kit = {"format": "E", "virtual_kit": True, "components": [{"product_id": part, "quantity": 2}]}
    bling.control.post("products", products=[{"sku": f"P{n}", "quantity": n} for n in range(5)])
    bling.control.post("products", products=[{"sku": "KIT", **kit}, {"sku": "LOT", "lot_controlled": True}])
    world.connect()
    world.do_import(dry_run=True)
    return world


def long_ago(world: World) -> None:
    """All products were made, and the shop was connected, long before the rehearsal."""
    for product in next(iter(world.bling.bling.accounts.values())).products.values():
        product.included_at = product.changed_at = product.changed_at - 86_400
    Connection.objects.update(connected_at=F("connected_at") - timedelta(days=1))


def test_only_changes_are_listed_and_every_balance_is_read_again(rehearsed: World) -> None:
    long_ago(rehearsed)
    before = len(rehearsed.requests_to(""))
    rehearsed.bling.control.post("movements", sku=FIRST, operation="B", quantity=7)
    run = rehearsed.do_import()
    asked = [f"{row['method']} {row['path']}" for row in rehearsed.requests_to("")[before:]]
    assert run.based_on_id is not None
    assert asked.count(PRODUCTS) == len(products.CHANGES)
    assert asked.count(BALANCES) == 1
    assert set(asked) == {PRODUCTS, BALANCES}
    assert run.calls == len(asked)
    assert (run.state, run.read, run.applied) == ("applied", 10, 8)
    assert (rehearsed.stock().on_hand, rehearsed.stock("P4").on_hand) == (7, 4)
    assert not StockItem.objects.filter(sku__in=("KIT", "LOT")).exists()


def test_what_changed_in_bling_meanwhile_is_as_bling_has_it_now(rehearsed: World) -> None:
    long_ago(rehearsed)
    control = rehearsed.bling.control
    control.post("products/change", sku="P1", new_sku="P1-NEW")
    control.post("products/change", sku="P2", situation="I")
    control.post("products/delete", sku="P3")
    control.post("products/change", sku="P4", lot_controlled=True)
    control.post("products", sku="LATE", quantity=4)
    run = rehearsed.do_import()
    assert run.based_on_id is not None
    assert numbers(rehearsed.shop, "P1-NEW") == (1, 0, 0)
    assert numbers(rehearsed.shop, "LATE") == (4, 0, 0)
    assert not StockItem.objects.filter(sku__in=("P1", "P2", "P3", "P4")).exists()
    assert not run.lines.filter(sku__in=("P1", "P2", "P3")).exists()
    assert run.lines.get(sku="P4").verdict == "lot"


def test_a_figure_of_the_rehearsal_never_becomes_a_count(rehearsed: World) -> None:
    long_ago(rehearsed)
    rehearsed.bling.control.post("behaviour", hidden_products=[_bling_id(FIRST)])
    run = rehearsed.do_import()
    assert run.lines.get(sku=FIRST).verdict == "unread"
    assert not StockItem.objects.filter(sku=FIRST).exists()
    assert rehearsed.stock(SECOND).on_hand == 5
    assert not run.lines.filter(read_started_at__lt=run.started_at).exists()


def test_a_run_that_was_cut_off_takes_nothing_over_twice(rehearsed: World) -> None:
    long_ago(rehearsed)
    run = imports.begin(rehearsed.connection)
    while imports.step(ImportRun.objects.get(pk=run.pk), rehearsed.connection):
        assert imports.begin(rehearsed.connection) == run
    run.refresh_from_db()
    assert (run.state, run.read, run.lines.count()) == ("applied", 10, 10)


@pytest.mark.parametrize("change", ["old", "old itself", "other consent", "not newest"])
def test_everything_is_read_where_the_rehearsal_may_mislead(rehearsed: World, change: str) -> None:
    if change == "old":
        long_ago(rehearsed)
        ImportRun.objects.update(started_at=F("started_at") - rehearsal.LIVES)
    elif change == "old itself":
        long_ago(rehearsed)
        braked = imports.begin(rehearsed.connection)
        assert braked.based_on_id is not None
        ImportRun.objects.filter(pk=braked.pk).update(state="braked", read=10)
        ImportRun.objects.exclude(pk=braked.pk).update(started_at=F("started_at") - rehearsal.LIVES)
    elif change == "other consent":
        rehearsed.connect()
    else:
        long_ago(rehearsed)
        imports.begin(rehearsed.connection, dry_run=True)
    assert imports.begin(rehearsed.connection).based_on_id is None


def test_few_products_are_simply_read(rehearsed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    long_ago(rehearsed)
    assert imports.begin(rehearsed.connection).based_on_id is None


def test_the_estimate_for_applying_counts_the_calls_that_are_made(rehearsed: World) -> None:
    long_ago(rehearsed)
    run = ImportRun.objects.get()
    estimate = workload.of_applying(run, rehearsed.connection)
    applied = rehearsed.do_import()
    assert estimate.calls == applied.calls
    assert estimate.seconds >= applied.calls * workload.SECONDS_PER_CALL
    assert not shop_work.go_on_importing(rehearsed.shop.pk)


def _bling_id(sku: str) -> int:
    bling_id = ImportRun.objects.get().lines.get(sku=sku).bling_id
    assert bling_id is not None
    return bling_id
