"""The controls: take one piece of evidence away, or believe it too early, and the damage shows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bling_sync.reconcile.shown_units import Base, Judgement, OpenPush, Others, Reading, judge
from tests.promise.evidence.books import OPENING, Books, Judge

SOLD = 6


def after_a_burst(found: Judge, *, virtual_lag: int, reads_after: int) -> Books:
    """Six units sold one by one, every event here, and one reading."""
    books = Books(judge=found)
    for place in range(SOLD):
        books.now += 1
        books.sell_at_once(1, (0, virtual_lag))
        books.hear(place)
    books.wait(reads_after)
    books.read()
    return books


def without_a_base(
    base: Base | None, reading: Reading, pushes: Sequence[OpenPush], others: Others, **more: Any
) -> Judgement:
    """Only the age of a push counts."""
    return replace(judge(None, reading, pushes, others, **more), base=base)


def without_echoes(base: Base, reading: Reading, pushes: Sequence[OpenPush], others: Others, **more: Any) -> Judgement:
    """Nobody knows which events our own pushes made."""
    echoed = sum(push.units for push in pushes if push.is_echoed)
    return judge(base, reading, pushes, replace(others, told=others.told + echoed), **more)


def believing_an_echo(
    base: Base, reading: Reading, pushes: Sequence[OpenPush], others: Others, **more: Any
) -> Judgement:
    """A push whose event came is taken to be in the balance."""
    found = judge(base, reading, pushes, others, **more)
    echoed = sum(push.units for push in pushes if push.is_echoed)
    return replace(found, in_flight=sum(push.units for push in pushes) - echoed, in_doubt=0)


def test_what_is_left_is_on_offer_after_the_first_reading_with_and_without_a_lag() -> None:
    for lag in (0, 5):
        books = after_a_burst(judge, virtual_lag=lag, reads_after=1)
        assert (books.offered, books.in_doubt) == (OPENING - SOLD, 0)


def test_by_age_alone_what_was_sold_is_subtracted_twice() -> None:
    books = after_a_burst(without_a_base, virtual_lag=0, reads_after=1)
    assert (books.offered, books.in_doubt) == (OPENING - 2 * SOLD, SOLD)


def test_without_the_echoes_evidence_what_was_sold_is_subtracted_twice() -> None:
    books = after_a_burst(without_echoes, virtual_lag=0, reads_after=1)
    assert books.offered < books.true


def test_an_echo_that_is_believed_before_the_balance_shows_it_promises_units_twice() -> None:
    books = after_a_burst(believing_an_echo, virtual_lag=5, reads_after=1)
    assert books.offered > books.true
