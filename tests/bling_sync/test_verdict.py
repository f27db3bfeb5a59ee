"""The verdict on a lost answer believes one story, and only when the other does not fit."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bling_sync.outbox.verdict import Evidence, Verdict, judge

# Two units sold, the answer lost; nothing else happened since the reading before, and events arrive.
SOLD = Evidence(push=Decimal(-2), moved=Decimal(-2), alike=0, others=Decimal(0), has_others=False, events_arrive=True)
HEARD = replace(SOLD, alike=1, others=Decimal(-2), has_others=True)


def test_an_event_that_nobody_else_explains_says_that_it_was_applied() -> None:
    assert judge(HEARD) is Verdict.APPLIED_BY_EVENT


@pytest.mark.parametrize("evidence", [replace(HEARD, moved=None), replace(HEARD, others=None)])
def test_such_an_event_is_enough_where_the_balances_say_nothing(evidence: Evidence) -> None:
    assert judge(evidence) is Verdict.APPLIED_BY_EVENT


def test_an_event_whose_units_the_balance_did_not_lose_is_of_something_older() -> None:
    assert judge(replace(HEARD, moved=Decimal(0))) is Verdict.UNCLEAR


def test_two_such_events_are_for_a_person() -> None:
    assert judge(replace(HEARD, alike=2, others=Decimal(-4))) is Verdict.UNCLEAR


def test_a_balance_that_others_explain_wholly_says_that_it_was_not_applied() -> None:
    assert judge(replace(SOLD, moved=Decimal(0))) is Verdict.NOT_APPLIED
    assert judge(replace(SOLD, moved=Decimal(5), others=Decimal(5), has_others=True)) is Verdict.NOT_APPLIED


def test_the_balance_alone_says_that_it_was_applied_only_where_no_events_arrive() -> None:
    assert judge(replace(SOLD, events_arrive=False)) is Verdict.APPLIED_BY_BALANCE
    assert judge(SOLD) is Verdict.UNCLEAR


# A reading that began a second after the call. Each row: what it shows, and whether that is believed at once.
EARLY = replace(HEARD, is_late=False)
EARLY_READINGS = {
    "one event like it, and the balance fell by just that": (EARLY, True),
    "the same, and others' events and their units beside it": (
        replace(EARLY, moved=Decimal(-7), others=Decimal(-7)),
        True,
    ),
    "the event, and a balance that does not show it yet": (replace(EARLY, moved=Decimal(0)), False),
    "the event, and units that fell beside it without a word": (replace(EARLY, moved=Decimal(-3)), False),
    "the event, and a balance that was set": (replace(EARLY, others=None), False),
    "the event, and nothing to compare the balance with": (replace(EARLY, moved=None), False),
    "two events like it: one may be somebody else's": (
        replace(EARLY, alike=2, moved=Decimal(-4), others=Decimal(-4)),
        False,
    ),
    "the event, where another shop of ours moves the product": (replace(EARLY, is_shared=True), False),
    "a balance that fell by just that, and no event": (replace(SOLD, is_late=False), False),
    "the same where no events arrive at all": (replace(SOLD, is_late=False, events_arrive=False), False),
    "a balance that others explain wholly": (replace(SOLD, is_late=False, moved=Decimal(0)), False),
}


@pytest.mark.parametrize(("evidence", "is_believed"), EARLY_READINGS.values(), ids=EARLY_READINGS.keys())
def test_an_early_reading_proves_by_what_it_shows_and_nothing_by_what_it_does_not(
    evidence: Evidence, is_believed: bool
) -> None:
    assert judge(evidence) is (Verdict.APPLIED_BY_EVENT if is_believed else Verdict.TOO_EARLY)


@pytest.mark.parametrize("evidence", [SOLD, HEARD, replace(SOLD, moved=Decimal(0))])
def test_whatever_another_shop_of_ours_may_have_done_is_for_a_person(evidence: Evidence) -> None:
    assert judge(replace(evidence, events_arrive=False, is_shared=True)) is Verdict.UNCLEAR


@pytest.mark.parametrize("moved", [Decimal(-1), Decimal(3), None])
def test_a_balance_that_neither_story_explains_is_for_a_person(moved: Decimal | None) -> None:
    assert judge(replace(SOLD, moved=moved, events_arrive=False)) is Verdict.UNCLEAR
