"""Requests for different SKUs of a shop share transactions, and none waits long for another's row."""

from collections.abc import Iterator
from functools import partial

import pytest
from pytest_django.fixtures import Settings

from reservations import engine
from reservations.engine import Line, flash_sale
from reservations.engine.book import locking
from reservations.engine.flash_sale import group_commit
from reservations.engine.flash_sale.lane import Lane
from reservations.models import Reservation, Shop
from tests.factories import hold, make_shop, numbers, stock_of
from tests.support.blocker import holding_row
from tests.support.crowd import Crowd, in_queue
from tests.support.patience import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def written_together(settings: Settings) -> Iterator[bool]:
    """Always on in this file; fails if a queue is left behind."""
    settings.GROUP_COMMIT = True
    yield True
    assert not flash_sale.process.attended()


@pytest.fixture
def patient_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lane in which all wait until the test has arranged its scene."""
    monkeypatch.setattr(Lane, "leave_seconds", 30)
    monkeypatch.setattr(locking, "BRIEFLY", "SET LOCAL lock_timeout = '3s'")


def lane(shop: Shop) -> Lane:
    """The shop's lane in this process."""
    return flash_sale.process.shop(shop.pk).lane


def transactions(shop: Shop) -> list[int]:
    """How many reservations each transaction wrote, in ascending order."""
    written: dict[int, int] = {}
    for (transaction,) in Reservation.objects.filter(shop=shop).extra(select={"x": "xmin::text"}).values_list("x"):
        written[transaction] = written.get(transaction, 0) + 1
    return sorted(written.values())


def send_in_order(crowd: Crowd[engine.Reservation], shop: Shop, skus: list[str], *, waiting: int = 0) -> None:
    """Reserve each SKU in turn, each as soon as the one before it waits in the lane."""
    for place, sku in enumerate(skus, start=1):
        crowd.send(partial(hold, shop, sku))
        wait_until(lambda place=place: lane(shop).length == waiting + place)  # type: ignore[misc]


@pytest.mark.usefixtures("patient_lane")
def test_strangers_who_come_while_the_lane_is_busy_share_one_transaction() -> None:
    shop = make_shop()
    skus = [stock_of(shop, 2, f"SKU-{number}") for number in range(20)]
    first = stock_of(shop, 2, "FIRST")
    crowd: Crowd[engine.Reservation] = Crowd()
    with holding_row(shop, first):
        crowd.send(partial(hold, shop, first))
        wait_until(lambda: lane(shop).attended and lane(shop).length == 0)
        send_in_order(crowd, shop, skus)
    outcomes = crowd.outcomes()
    assert [outcome.sku for outcome in outcomes if isinstance(outcome, engine.Reservation)] == [first, *skus]
    assert transactions(shop) == [1, 20]
    assert engine.audit(shop.pk) == []


@pytest.mark.usefixtures("patient_lane")
def test_each_who_came_late_for_a_sku_of_the_lanes_batch_gets_an_answer_of_its_own() -> None:
    shop = make_shop()
    first, often, once = (stock_of(shop, 100, sku) for sku in ("FIRST", "OFTEN", "ONCE"))
    crowd: Crowd[engine.Reservation] = Crowd()
    with holding_row(shop, often):
        with holding_row(shop, first):
            crowd.send(partial(hold, shop, first))
            wait_until(lambda: lane(shop).attended and lane(shop).length == 0)
            send_in_order(crowd, shop, [often, once])
        wait_until(lambda: lane(shop).length == 0)
        for place in range(2, 7):
            crowd.send(partial(hold, shop, often, place))
            wait_until(lambda place=place: in_queue(shop, often) == place - 1)  # type: ignore[misc]
    held = [(outcome.sku, outcome.quantity) for outcome in crowd.outcomes() if isinstance(outcome, engine.Reservation)]
    assert held == [(first, 1), (often, 1), (once, 1), *((often, place) for place in range(2, 7))]
    assert transactions(shop) == [1, 7]
    assert numbers(shop, often) == (100, 21, 0)
    assert engine.audit(shop.pk) == []


@pytest.mark.usefixtures("patient_lane")
def test_a_cart_that_is_short_of_one_sku_fails_alone_among_strangers() -> None:
    shop = make_shop()
    first, plenty, scarce = stock_of(shop, 9, "FIRST"), stock_of(shop, 9, "PLENTY"), stock_of(shop, 1, "SCARCE")
    crowd: Crowd[object] = Crowd()
    carts = [[Line(plenty, 1), Line(scarce, 1)], [Line(scarce, 1), Line(plenty, 2)], [Line(plenty, 3), Line(first, 1)]]
    with holding_row(shop, first):
        crowd.send(partial(hold, shop, first))
        wait_until(lambda: lane(shop).attended and lane(shop).length == 0)
        for place, cart in enumerate(carts, start=1):
            crowd.send(partial(engine.reserve, shop.pk, cart))
            wait_until(lambda place=place: lane(shop).length == place)  # type: ignore[misc]
    _, both, short, other = crowd.outcomes()
    assert isinstance(both, tuple)
    assert isinstance(short, engine.OutOfStock)
    assert isinstance(other, tuple)
    assert numbers(shop, plenty) == (9, 4, 0)
    assert numbers(shop, scarce) == (1, 1, 0)
    assert engine.audit(shop.pk) == []


def test_a_held_row_of_one_sku_does_not_keep_strangers_waiting() -> None:
    shop = make_shop()
    stuck = stock_of(shop, 50, "STUCK")
    skus = [stock_of(shop, 2, f"SKU-{number}") for number in range(8)]
    crowd: Crowd[engine.Reservation] = Crowd()
    with holding_row(shop, stuck):
        for sku in (stuck, *skus[:4], stuck, *skus[4:]):
            crowd.send(partial(hold, shop, sku))
        outcomes = crowd.outcomes()
    assert [type(outcome) for outcome in outcomes] == [
        engine.Busy,
        *[engine.Reservation] * 4,
        engine.Busy,
        *[engine.Reservation] * 4,
    ]
    assert numbers(shop, stuck) == (50, 0, 0)
    assert engine.audit(shop.pk) == []


def test_a_cart_of_very_many_skus_has_no_place_in_the_lane() -> None:
    shop = make_shop()
    skus = [stock_of(shop, 5, f"SKU-{number}") for number in range(Lane.most_skus + 1)]
    crowd: Crowd[object] = Crowd()
    with holding_row(shop, skus[0]):
        crowd.send(partial(engine.reserve, shop.pk, [Line(sku, 1) for sku in skus]))
        wait_until(flash_sale.process.attended)
        assert not lane(shop).attended
    assert all(isinstance(outcome, tuple) for outcome in crowd.outcomes())


class KilledThread(BaseException):
    """A thread's death, which no `except Exception` catches."""


@pytest.mark.usefixtures("patient_lane")
def test_a_lane_whose_leader_is_killed_tells_its_batch_and_serves_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make_shop()
    first, *skus = [stock_of(shop, 5, f"SKU-{number}") for number in range(6)]
    execute = group_commit.execute

    def killed_with_many(commands: list[object], *arguments: object) -> object:
        if len(commands) == 5:
            raise KilledThread
        return execute(commands, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(flash_sale.batch, "execute", killed_with_many)
    crowd: Crowd[engine.Reservation] = Crowd()
    with holding_row(shop, first):
        crowd.send(partial(hold, shop, first))
        wait_until(lambda: lane(shop).attended and lane(shop).length == 0)
        send_in_order(crowd, shop, skus)
    told = [type(outcome) for outcome in crowd.outcomes()]
    assert told == [engine.Reservation, KilledThread, *[engine.OutcomeUnknown] * 4]
    assert hold(shop, skus[0]).status == "active"
