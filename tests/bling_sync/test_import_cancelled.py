"""A cancelled import: it ends between two steps, each SKU is whole, and what was written can be undone."""

import os
import signal
from collections.abc import Callable

import pytest
from django.core.management.base import CommandError
from django.db.models.functions import Now

from bling_sync import merchant_requests, shop_work, sweeper
from bling_sync.catalogue import apply_run, cancellation
from bling_sync.catalogue import run as imports
from bling_sync.catalogue.undo_run import NotUndoable, undo
from bling_sync.leases import lease
from bling_sync.models import Connection, ImportRun
from reservations import engine
from reservations.models import StockItem
from sandbox.bling import RunningStandIn
from tests.bling_sync.world import FIRST, SECOND, World
from tests.factories import stock_of
from tests.support.terminal import output_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def connected(bling: RunningStandIn) -> World:
    """A shop that is connected and has imported nothing."""
    world = World(bling)
    world.connect()
    return world


def until(world: World, run: ImportRun, reached: Callable[[], bool]) -> None:
    """Go on with the run until then."""
    while not reached():
        assert imports.step(run, world.connection)
        run.refresh_from_db()


def test_a_run_that_is_cancelled_while_it_reads_writes_nothing(connected: World) -> None:
    run = imports.begin(connected.connection)
    until(connected, run, lambda: run.phase == "balances")
    assert cancellation.ask(run)
    asked_before = len(connected.requests_to(""))
    assert not shop_work.import_step(run)
    assert (run.state, run.applied) == ("cancelled", 0)
    assert len(connected.requests_to("")) == asked_before
    assert not StockItem.objects.exists()
    with pytest.raises(NotUndoable):
        undo(run)


def test_a_run_that_is_cancelled_while_it_writes_is_undone_as_any_other(
    connected: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock_of(connected.shop, 12, FIRST)
    monkeypatch.setattr(apply_run, "BATCH", 1)
    run = imports.begin(connected.connection)
    until(connected, run, lambda: run.applied == 1)
    cancellation.ask(run)
    assert not imports.step(run, connected.connection)
    written = set(run.lines.filter(applied_at__isnull=False).values_list("sku", flat=True))
    assert (run.state, run.applied, len(written)) == ("cancelled", 1, 1)
    assert connected.connection.imported_at is None
    ImportRun.objects.update(undo_asked_at=Now())
    assert [due.undoing for due in sweeper.due()] == [True]
    merchant_requests.undo_import(connected.shop.pk)
    run.refresh_from_db()
    assert (run.state, connected.stock().on_hand) == ("undone", 12)
    assert engine.audit(connected.shop.pk) == []


def test_units_that_moved_to_another_sku_are_never_left_under_both(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock_of(world.shop, 0, "RENAMED")
    world.bling.control.post("products/change", sku=FIRST, new_sku="RENAMED")
    monkeypatch.setattr(apply_run, "BATCH", 1)
    run = imports.begin(world.connection, consent=True)
    heir = run.lines.filter(sku="RENAMED", applied_at__isnull=False)
    until(world, run, heir.exists)
    assert (world.stock().on_hand, world.stock("RENAMED").on_hand) == (10, 10)
    cancellation.ask(run)
    shop_work.import_step(run)
    assert (world.stock().on_hand, world.stock("RENAMED").on_hand) == (0, 10)
    assert not run.lines.filter(verdict="replaced", applied_at__isnull=True).exists()


def test_a_wish_is_obeyed_at_once_where_no_worker_is_at_it_and_left_to_the_worker_elsewhere(connected: World) -> None:
    run = imports.begin(connected.connection)
    with lease(connected.shop.pk, "import", 30):
        cancellation.ask(run)
        assert not shop_work.cancel_import(connected.shop.pk)
    assert shop_work.cancel_import(connected.shop.pk)
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert not cancellation.ask(run)


def test_a_wish_does_not_wait_for_a_bling_that_is_away(connected: World) -> None:
    run = imports.begin(connected.connection)
    Connection.objects.update(wait_until="2100-01-01T00:00:00Z")
    assert list(sweeper.due()) == []
    cancellation.ask(run)
    assert [due.importing for due in sweeper.due()] == [True]
    shop_work.go_on_importing(connected.shop.pk)
    run.refresh_from_db()
    assert run.state == "cancelled"


def test_a_worker_stops_when_another_import_took_the_runs_place(connected: World) -> None:
    run = imports.begin(connected.connection, dry_run=True)
    taken = imports.begin(connected.connection)
    assert not shop_work.import_step(run)
    assert (run.state, taken.state) == ("cancelled", "running")


def test_ctrl_c_cancels_the_import_of_the_command(connected: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(shop_id: int, *, seconds: float) -> bool:
        monkeypatch.undo()
        os.kill(os.getpid(), signal.SIGINT)
        return True

    monkeypatch.setattr(shop_work, "go_on_importing", pressed)
    with pytest.raises(CommandError, match="Cancelled: nothing was written"):
        output_of("bling_import")
    assert ImportRun.objects.get().state == "cancelled"
    assert not StockItem.objects.filter(sku__in=(FIRST, SECOND)).exists()
