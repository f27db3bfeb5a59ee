"""Any history of sales, calls, lost answers, events and readings: nothing is promised twice, and nothing is hidden.

EVIDENCE_EXAMPLES=20000 tells it that many histories.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bling_sync.reconcile.shown_units import judge
from tests.promise.evidence.books import Books, Judge

EXAMPLES = int(os.environ.get("EVIDENCE_EXAMPLES", "300"))
pytestmark = pytest.mark.timeout(240 + EXAMPLES // 5)
# A step is the name of a method of Books, and its arguments.
Step = tuple[Any, ...]
History = list[Step]
PROMPT_PHYSICAL = st.tuples(st.just(0), st.integers(0, 6))
BOTH_LAG = st.tuples(st.integers(0, 3), st.integers(0, 3))
LAGS = st.one_of(PROMPT_PHYSICAL, BOTH_LAG)


def steps(lags: st.SearchStrategy[tuple[int, int]]) -> st.SearchStrategy[Step]:
    """What may happen next, but for others."""
    return st.one_of(
        st.tuples(st.just("sell_at_once"), st.sampled_from([1, 1, 2, 3, -1]), lags),
        st.tuples(st.just("sell"), st.sampled_from([1, 2, 3, -1])),
        st.sampled_from([("call",), ("find_out",), ("read",), ("begin_to_read",), ("look_up",), ("count",)]),
        st.tuples(st.just("book"), lags),
        st.tuples(st.just("answer"), st.booleans()),
        st.tuples(st.just("hear"), st.integers(-4, 20)),
        st.tuples(st.just("wait"), st.integers(1, 4)),
    )


def histories(*others: st.SearchStrategy[Step], lags: st.SearchStrategy[tuple[int, int]] = LAGS) -> Any:
    """Histories in any order."""
    return st.lists(st.one_of(steps(lags), *others), min_size=5, max_size=40)


def told(history: History, found: Judge = judge) -> Iterator[Books]:
    """The books after each step."""
    books = Books(judge=found)
    for name, *arguments in history:
        books.now += 1
        getattr(books, name)(*arguments)
        yield books


def others(units: list[int], is_told: st.SearchStrategy[bool]) -> st.SearchStrategy[Step]:
    """Somebody else at work."""
    return st.tuples(st.just("others_take"), st.sampled_from(units), LAGS, is_told)


lively = settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@lively
@given(histories())
def test_alone_we_offer_just_what_is_there_but_for_the_units_in_doubt(history: History) -> None:
    for books in told(history):
        assert books.offered <= books.true <= books.offered + books.in_doubt


@lively
@given(histories(others([1, 2, 3], st.just(True))))
def test_what_others_take_is_never_offered_once_its_event_is_here(history: History) -> None:
    for books in told(history):
        assert books.offered <= books.true


@lively
@given(histories(others([1, 2, 3, 11, -1, -5], st.booleans())))
def test_what_others_take_without_a_word_is_mistaken_for_no_more_units_than_bling_hides(history: History) -> None:
    for books in told(history):
        assert books.offered <= books.true + books.unnoticed


@lively
@given(histories(others([1, 2, 3, 11, -1, -5], st.booleans())))
def test_when_all_has_come_to_its_end_we_offer_just_what_is_there(history: History) -> None:
    *_, books = told(history)
    books.calm_down()
    assert (books.offered, books.in_doubt) == (books.true, 0)


def test_a_take_that_a_return_makes_up_for_is_found_when_the_return_is_old_enough() -> None:
    history: History = [("sell", -1), ("others_take", 1, (0, 0), False), ("sell_at_once", 1, (0, 0)), ("read",)]
    *_, books = told(history)
    assert (books.offered - books.true, books.unnoticed) == (1, 1)
    books.calm_down()
    assert books.offered == books.true
