"""Somebody holds a row for long: whoever wants it hears so by one deadline, and nobody else waits for it."""

import re
from collections.abc import Iterator, Sequence
from functools import partial

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from reservations import engine
from reservations.engine import flash_sale
from reservations.engine.flash_sale import batch, group_commit
from reservations.engine.flash_sale.commands import Command, Confirm
from reservations.engine.flash_sale.held_rows import HeldRows, held_rows
from reservations.engine.flash_sale.ticket import Ticket
from tests.factories import by_id, hold, make_shop, numbers, stock_of
from tests.support.blocker import holding_row
from tests.support.crowd import Crowd
from tests.support.patience import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

# More than the process has connections: if each that waits kept one, nobody else would get any.
MANY = 12


@pytest.fixture(autouse=True)
def written_together(settings: Settings) -> Iterator[bool]:
    """Always on in this file; fails if a queue is left behind."""
    settings.GROUP_COMMIT = True
    yield True
    assert not flash_sale.process.attended()


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The milliseconds that each transaction may wait for its rows, in the order in which they began."""
    seen: list[int] = []
    execute = group_commit.execute

    def noting(commands: Sequence[Command], more: object = tuple, said: str = "") -> object:
        found = re.search(r"'(\d+)ms'", said)
        seen.append(int(found[1]) if found else 2_000)
        return execute(commands, more, said)  # type: ignore[arg-type]

    monkeypatch.setattr(batch, "execute", noting)
    return seen


def seats_taken() -> int:
    """How many connections wait for held rows."""
    return HeldRows.most_waiting - held_rows._seats._value


def test_those_who_wait_for_a_held_row_leave_the_others_their_connections() -> None:
    shop = make_shop()
    stuck, free = stock_of(shop, 50, "STUCK"), stock_of(shop, 50, "FREE")
    of_stuck, of_free = [hold(shop, stuck) for _ in range(MANY)], [hold(shop, free) for _ in range(MANY)]
    crowd: Crowd[object] = Crowd()
    with holding_row(shop, stuck):
        for held in of_stuck:
            crowd.send(partial(engine.confirm, shop.pk, by_id(held)))
        wait_until(lambda: seats_taken() == HeldRows.most_waiting)
        for held in of_free:
            (sold,) = engine.confirm(shop.pk, by_id(held))
            assert sold.status == "confirmed"
    assert {type(outcome) for outcome in crowd.outcomes()} <= {tuple, engine.Busy}
    assert numbers(shop, free) == (50, 0, MANY)
    assert engine.audit(shop.pk) == []


def test_who_was_set_free_waits_no_longer_than_the_rest_of_their_patience(limits: list[int]) -> None:
    shop = make_shop()
    held = hold(shop, stock_of(shop, 5))
    limits.clear()
    ticket = Ticket(Confirm(shop.pk, by_id(held), ""))
    ticket.since -= Ticket.wait_seconds - Ticket.tell_seconds - 0.3
    with holding_row(shop), pytest.raises(engine.Busy):
        batch.transact_alone(ticket)
    brief, rest = limits
    assert brief == 100
    assert 100 <= rest <= 300


def test_who_has_no_patience_left_hears_busy_without_another_wait(limits: list[int]) -> None:
    shop = make_shop()
    held = hold(shop, stock_of(shop, 5))
    limits.clear()
    ticket = Ticket(Confirm(shop.pk, by_id(held), ""))
    ticket.since -= Ticket.wait_seconds
    with pytest.raises(engine.Busy):
        batch.transact_alone(ticket)
    assert limits == []
    assert numbers(shop) == (5, 1, 0)


def test_who_finds_no_seat_hears_busy_and_kept_no_connection_meanwhile() -> None:
    seats = HeldRows()
    seats._seats._value = 0
    connection.ensure_connection()
    with pytest.raises(engine.Busy), seats.seat(0.05):
        pass
    assert connection.connection is None


def test_a_confirm_waits_for_its_held_row_and_is_written_when_that_is_let_go() -> None:
    shop = make_shop()
    held = hold(shop, stock_of(shop, 5))
    crowd: Crowd[object] = Crowd()
    with holding_row(shop):
        crowd.send(partial(engine.confirm, shop.pk, by_id(held)))
        wait_until(lambda: seats_taken() == 1)
    (outcome,) = crowd.outcomes()
    assert isinstance(outcome, tuple)
    assert numbers(shop) == (5, 0, 1)
    assert seats_taken() == 0


def test_a_confirm_of_a_held_row_does_not_keep_the_next_ones_turn_from_them(limits: list[int]) -> None:
    shop = make_shop()
    stuck, free = stock_of(shop, 5, "STUCK"), stock_of(shop, 5, "FREE")
    of_stuck, of_free = hold(shop, stuck), hold(shop, free)
    limits.clear()
    crowd: Crowd[object] = Crowd()
    with holding_row(shop, stuck):
        crowd.send(partial(engine.confirm, shop.pk, by_id(of_stuck)))
        wait_until(lambda: seats_taken() == 1)
        engine.confirm(shop.pk, by_id(of_free))
    # Two turns of the queue and a try of its own are brief; only who waits in a seat waits for longer.
    assert limits.count(100) >= 3
    assert len([limit for limit in limits if limit > 100]) == 1
    assert isinstance(crowd.outcomes()[0], tuple)
