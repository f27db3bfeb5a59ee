"""One transaction writes the requests for a row: each gets its own answer, in order of arrival; none waits for ever."""

from collections.abc import Iterator
from functools import partial
from itertools import count

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from reservations import engine
from reservations.engine import Line, flash_sale
from reservations.engine.flash_sale import group_commit
from reservations.engine.flash_sale.batch import Batch
from reservations.engine.flash_sale.sku_queue import SkuQueue
from reservations.engine.flash_sale.ticket import Ticket
from reservations.models import Shop
from tests.factories import by_id, hold, make_shop, numbers, stock_of
from tests.support import stopwatch
from tests.support.blocker import holding_ledger, holding_row
from tests.support.crowd import Crowd, in_queue
from tests.support.patience import wait_until
from tests.support.rendezvous import at_once

pytestmark = pytest.mark.django_db(transaction=True)

SKU = "SKU-1"


class BrokenRender(Exception):
    """A defect in the caller's own code."""


class KilledThread(BaseException):
    """A thread's death, which no `except Exception` catches."""


@pytest.fixture(autouse=True)
def written_together(settings: Settings) -> Iterator[bool]:
    """Always on in this file; fails if a queue is left behind."""
    settings.GROUP_COMMIT = True
    yield True
    assert not flash_sale.process.attended()


def stand_in_queue(shop: Shop, buyers: int, quantity: int = 1) -> "Crowd[engine.Reservation]":
    """Queue these buyers one after the other; the first leads and waits for the row, which somebody must be holding."""
    crowd: Crowd[engine.Reservation] = Crowd()
    for place in range(buyers):
        crowd.send(partial(hold, shop, SKU, quantity))
        wait_until(lambda place=place: in_queue(shop, SKU) == place)  # type: ignore[misc]
    return crowd


def sizes_of_transactions(shop: Shop) -> list[int]:
    """How many reservations each transaction wrote, without those that wrote none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM reservations_reservation WHERE shop_id = %s GROUP BY xmin::text", [shop.pk]
        )
        return [size for (size,) in cursor.fetchall()]


def broken(name: str) -> engine.Idempotency:
    """A key whose answer cannot be rendered."""

    def render(outcome: engine.Outcome) -> engine.Answer:
        raise BrokenRender

    return engine.Idempotency("key:1", name, b"", render)


def test_those_who_come_while_the_row_is_held_are_written_in_one_transaction() -> None:
    shop = make_shop()
    stock_of(shop, 50)
    with holding_row(shop):
        crowd = stand_in_queue(shop, 30)
    assert all(isinstance(held, engine.Reservation) for held in crowd.outcomes())
    assert sizes_of_transactions(shop) == [30]
    assert engine.audit(shop.pk) == []


def test_who_waits_in_vain_hears_busy_before_their_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ticket, "wait_seconds", 3.0)
    shop = make_shop()
    stock_of(shop, 50)
    with holding_row(shop):
        crowd = stand_in_queue(shop, 5)
        assert [type(outcome) for outcome in crowd.outcomes()] == [engine.Busy] * 5
    assert numbers(shop) == (50, 0, 0)


def test_a_transaction_carries_no_more_than_its_bound() -> None:
    shop = make_shop()
    stock_of(shop, 200)
    with holding_row(shop):
        crowd = stand_in_queue(shop, 150)
    assert all(isinstance(held, engine.Reservation) for held in crowd.outcomes())
    sizes = sizes_of_transactions(shop)
    assert sum(sizes) == 150
    assert max(sizes) == Batch.most


def test_who_came_first_is_served_first() -> None:
    shop = make_shop()
    stock_of(shop, 70)
    with holding_row(shop):
        crowd = stand_in_queue(shop, 100)
    served = [isinstance(outcome, engine.Reservation) for outcome in crowd.outcomes()]
    assert served == [True] * 70 + [False] * 30


def test_a_request_that_meets_nobody_is_written_by_itself() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    for _ in range(3):
        hold(shop)
    assert sizes_of_transactions(shop) == [1, 1, 1]


def test_a_request_that_fails_fails_alone() -> None:
    shop = make_shop()
    stock_of(shop, 50)
    crowd: Crowd[object] = Crowd()
    with holding_row(shop):
        for place in range(12):
            key = broken(f"key-{place}") if place % 4 == 1 else None
            crowd.send(partial(engine.reserve, shop.pk, [Line(SKU, 1)], idempotency=key))
            wait_until(lambda place=place: in_queue(shop, SKU) == place)  # type: ignore[misc]
    failed = [isinstance(outcome, BrokenRender) for outcome in crowd.outcomes()]
    assert failed == [place % 4 == 1 for place in range(12)]
    assert numbers(shop) == (50, 9, 0)
    assert engine.audit(shop.pk) == []


def test_a_leader_whose_own_request_fails_still_serves_the_others() -> None:
    shop = make_shop()
    stock_of(shop, 50)
    crowd: Crowd[object] = Crowd()
    with holding_row(shop):
        for place in range(5):
            key = None if place else broken("leader")
            crowd.send(partial(engine.reserve, shop.pk, [Line(SKU, 1)], idempotency=key))
            wait_until(lambda place=place: in_queue(shop, SKU) == place)  # type: ignore[misc]
    leader, *others = crowd.outcomes()
    assert isinstance(leader, BrokenRender)
    assert all(isinstance(outcome, tuple) for outcome in others)
    assert numbers(shop) == (50, 4, 0)


def test_a_leader_that_is_killed_answers_all_it_had_taken_and_hands_over(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = make_shop()
    stock_of(shop, 200)
    turn, execute = count(), group_commit.execute

    def killed_once(*arguments: object) -> object:
        result = execute(*arguments)  # type: ignore[arg-type]
        if next(turn) == 0:
            raise KilledThread
        return result

    monkeypatch.setattr(flash_sale.batch, "execute", killed_once)
    with holding_row(shop):
        crowd = stand_in_queue(shop, 100)
    leader, *others = crowd.outcomes()
    assert isinstance(leader, KilledThread)
    told = [type(outcome) for outcome in others]
    assert told == [engine.OutcomeUnknown] * (Batch.most - 1) + [engine.Reservation] * (100 - Batch.most)
    assert engine.audit(shop.pk) == []


def test_a_waiter_whose_turn_does_not_come_in_time_is_told_so_and_nothing_is_held_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Ticket, "wait_seconds", 0.2)
    # The leader's own wait for the row keeps its full length.
    monkeypatch.setattr(Ticket, "tell_seconds", -10.0)
    shop = make_shop()
    stock_of(shop, 50)
    crowd: Crowd[engine.Reservation] = Crowd()
    with holding_row(shop):
        crowd.send(partial(hold, shop))
        wait_until(flash_sale.process.attended)
        for _ in range(9):
            crowd.send(partial(hold, shop))
        waiters = [crowd.outcome_of(place) for place in range(1, 10)]
    assert isinstance(crowd.outcome_of(0), engine.Reservation)
    assert [type(outcome) for outcome in waiters] == [engine.Busy] * 9
    assert numbers(shop) == (50, 1, 0)


def test_a_waiter_whose_request_is_being_written_at_its_deadline_is_told_that_nobody_knows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = make_shop()
    stock_of(shop, 50)
    with holding_ledger():
        with holding_row(shop):
            crowd = stand_in_queue(shop, 10)
            # Its patience is long enough to be seen in the queue; the batch waits for the ledger beyond that.
            monkeypatch.setattr(Ticket, "wait_seconds", 1.0)
            monkeypatch.setattr(Ticket, "tell_seconds", -10.0)
            crowd.send(partial(hold, shop))
            wait_until(lambda: in_queue(shop, SKU) == 10)
        wait_until(lambda: in_queue(shop, SKU) == 0)
        last = crowd.outcome_of(10)
    assert isinstance(last, engine.OutcomeUnknown)
    assert all(isinstance(outcome, engine.Reservation) for outcome in crowd.outcomes()[:10])
    assert numbers(shop) == (50, 11, 0)
    assert engine.audit(shop.pk) == []


def test_a_row_that_nobody_lets_go_of_ends_in_busy_within_the_deadline() -> None:
    shop = make_shop()
    stock_of(shop, 50)
    with holding_row(shop):
        crowd = stand_in_queue(shop, 40)
        outcomes = crowd.outcomes()
    assert {type(outcome) for outcome in outcomes} == {engine.Busy}
    stopwatch.judge(crowd.slowest(), promised=5.0)
    assert numbers(shop) == (50, 0, 0)


def test_a_held_row_of_one_sku_does_not_fail_the_confirms_of_others() -> None:
    shop = make_shop()
    stuck, free = stock_of(shop, 50, "STUCK"), stock_of(shop, 50, "FREE")
    of_stuck, of_free = [hold(shop, stuck) for _ in range(2)], [hold(shop, free) for _ in range(5)]
    crowd: Crowd[object] = Crowd()
    with holding_row(shop, stuck):
        for held in (*of_stuck, *of_free):
            crowd.send(partial(engine.confirm, shop.pk, by_id(held)))
        assert {type(outcome) for outcome in crowd.outcomes()[2:]} == {tuple}
    assert {type(outcome) for outcome in crowd.outcomes()[:2]} == {engine.Busy}
    assert numbers(shop, free) == (50, 0, 5)
    assert numbers(shop, stuck) == (50, 2, 0)


def test_no_queue_is_left_behind_by_many_skus_at_once() -> None:
    shop = make_shop()
    skus = [stock_of(shop, 1, f"SKU-{number}") for number in range(40)]
    at_once([partial(hold, shop, sku) for sku in skus])
    assert not flash_sale.process.attended()


def test_a_leader_that_is_ended_before_it_took_anybody_leaves_a_queue_that_moves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = make_shop()
    stock_of(shop, 5)

    def killed(queue: object, leader: object) -> float:
        raise KilledThread

    with monkeypatch.context() as patch:
        patch.setattr(SkuQueue, "gather_seconds", killed)
        with pytest.raises(KilledThread):
            hold(shop)
    assert hold(shop).status == "active"
    assert numbers(shop) == (5, 1, 0)
