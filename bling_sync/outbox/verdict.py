"""Judging a lost answer from what Bling shows. Pure: no clock, no database.

Nobody can ask Bling what became of a movement. It shows the balance, and an event per movement that names no maker.
Two stories explain a lost answer: Bling applied the push, or it did not. We believe one only when the other does not
fit; when both do, or neither, a person decides.

A balance may be late, so a reading that began soon after the call proves nothing by what it does not show. By what it
does show it may prove something: an event and a balance that agree are as good after a second as after a minute.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


class Verdict(Enum):
    """What became of it."""

    APPLIED_BY_EVENT = "applied, an event nobody else explains"
    APPLIED_BY_BALANCE = "applied, by the balances"
    NOT_APPLIED = "not applied, by the balances"
    UNCLEAR = "a person decides"
    TOO_EARLY = "a later reading decides"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known. Units are signed as they move the balance: a sale of two is -2.

    `push`: what it would have moved. `moved`: how the physical balance differs from the reading before, less what our
    other pushes moved; None without a reading before. `alike`: events that match no push and look just like it.
    `others`: what all events that match no push moved, those too; None when one of them set the balance.
    `events_arrive`: whether events of this company came lately, so that one missing says something. `is_shared`:
    whether another shop of ours moved this product too, which looks like us in balances and events alike. `is_late`:
    whether the reading began so long after the call that it must show what the call did.
    """

    push: Decimal
    moved: Decimal | None
    alike: int
    others: Decimal | None
    has_others: bool
    events_arrive: bool
    is_shared: bool = False
    is_late: bool = True


def judge(evidence: Evidence) -> Verdict:
    """The verdict by one reading."""
    if not evidence.is_late:
        return Verdict.APPLIED_BY_EVENT if _event_and_balance_agree(evidence) else Verdict.TOO_EARLY
    if evidence.is_shared:
        return Verdict.UNCLEAR
    if evidence.alike == 1:
        return Verdict.UNCLEAR if _event_is_not_in_the_balance(evidence) else Verdict.APPLIED_BY_EVENT
    if evidence.alike > 1 or evidence.moved is None or evidence.others is None:
        # Somebody else moves the same units of the same product: one of the events may be ours, or none.
        return Verdict.UNCLEAR
    if evidence.moved == evidence.others:
        return Verdict.NOT_APPLIED
    if evidence.moved == evidence.others + evidence.push and not evidence.has_others and not evidence.events_arrive:
        return Verdict.APPLIED_BY_BALANCE
    return Verdict.UNCLEAR


def _event_and_balance_agree(evidence: Evidence) -> bool:
    """One event could be ours, and the balance moved by just what all events tell of, that one among them."""
    accounted = evidence.moved is not None and evidence.moved == evidence.others
    return accounted and evidence.alike == 1 and not evidence.is_shared


def _event_is_not_in_the_balance(evidence: Evidence) -> bool:
    """The balance moved as if the event that could be ours had never been: it is of something before the anchor."""
    if evidence.moved is None or evidence.others is None:
        return False
    return evidence.moved == evidence.others - evidence.push
