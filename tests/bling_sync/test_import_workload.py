"""What an import takes, said before and while it runs: from what is known, and never below Bling's limit."""

import pytest

from bling_sync import merchant_requests, shop_work
from bling_sync.catalogue import run as imports
from bling_sync.catalogue import workload
from bling_sync.client import redis_slots
from bling_sync.models import Connection, ImportRun
from sandbox.bling import RunningStandIn
from tests.bling_sync.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def connected(bling: RunningStandIn) -> World:
    """A shop that is connected and has imported nothing."""
    world = World(bling)
    world.connect()
    return world


def test_no_call_is_promised_in_less_than_the_limit_allows() -> None:
    assert redis_slots.SLOTS * workload.SECONDS_PER_CALL > 1
    assert workload.pace(ImportRun(calls=10, call_seconds=0.1)) == workload.SECONDS_PER_CALL
    assert workload.pace(ImportRun(calls=10, call_seconds=20.0)) == 2.0
    assert workload.pace(ImportRun()) == workload.SECONDS_PER_CALL


def test_nobody_knows_how_long_the_first_import_takes_before_products_were_seen(connected: World) -> None:
    assert workload.of_comparing(connected.connection) is None
    run = imports.begin(connected.connection, dry_run=True)
    assert workload.left(run) is None
    while run.phase == "products":
        imports.step(run, connected.connection)
    # Lots, and balances.
    assert workload.left(run) == pytest.approx(2 * workload.pace(ImportRun.objects.get()), rel=0.5)
    Connection.objects.update(products_seen=10_000)
    estimate = workload.of_comparing(connected.connection)
    assert estimate is not None
    assert (estimate.products, estimate.calls) == (10_000, 306)
    assert estimate.seconds == pytest.approx(306 * 0.525)


@pytest.mark.parametrize(("added", "seen", "calls"), [(0, 2, 1), (98, 100, 2), (250, 252, 4), (1_000, 1_002, 8)])
def test_a_first_look_finds_about_how_many_products_there_are(
    connected: World, added: int, seen: int, calls: int
) -> None:
    connected.bling.control.post("products", products=[{"sku": f"P{n}", "quantity": 3} for n in range(added)])
    merchant_requests.complete_setup(connected.shop.pk)
    assert connected.connection.products_seen == seen
    assert len(connected.requests_to("GET /Api/v3/produtos")) == calls
    merchant_requests.complete_setup(connected.shop.pk)
    assert len(connected.requests_to("GET /Api/v3/produtos")) == calls


def test_a_setup_is_complete_also_without_a_first_look(connected: World) -> None:
    connected.bling.control.post("behaviour", missing_scopes=["produtos"])
    merchant_requests.complete_setup(connected.shop.pk)
    assert (connected.connection.setup_due_at, connected.connection.products_seen) == (None, None)


def test_the_last_run_says_how_long_the_next_one_takes(connected: World) -> None:
    run = connected.do_import(dry_run=True)
    assert run.calls == len([*connected.requests_to("GET /Api/v3/produtos"), *connected.requests_to("GET /Api/v3/est")])
    estimate = workload.of_comparing(connected.connection)
    assert estimate is not None
    assert (estimate.products, estimate.calls) == (2, run.calls)
    ImportRun.objects.update(call_seconds=run.calls * 3)
    slow = workload.of_comparing(connected.connection)
    assert slow is not None
    assert slow.seconds == pytest.approx(run.calls * 3)


def test_the_time_left_falls_to_nothing(connected: World) -> None:
    connected.bling.control.post("products", products=[{"sku": f"P{n}", "quantity": 3} for n in range(20)])
    Connection.objects.update(products_seen=22)
    run = imports.begin(connected.connection)
    told: list[float] = []
    while shop_work.import_step(run):
        run.refresh_from_db()
        told.append(workload.left(run) or 0.0)
    assert told[-1] == 0
    assert told[0] > told[len(told) // 2] > 0
    run.refresh_from_db()
    assert run.apply_seconds > 0
