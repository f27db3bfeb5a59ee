"""Histories that no correct service could have: each is a true one with one mistake."""

import random
from collections.abc import Callable
from dataclasses import replace

from .events import Event, History, Row


def _pick(chance: random.Random, found: list[int]) -> int:
    assert found, "the history has nothing to make this mistake with"
    return chance.choice(found)


def _events(history: History, verb: str, told: str) -> list[int]:
    return [place for place, e in enumerate(history.events) if (e.verb, e.told) == (verb, told)]


def _rows(history: History, *kinds: str) -> list[int]:
    return [place for place, row in enumerate(history.rows) if row.kind in kinds]


def _with_event(history: History, place: int, event: Event) -> History:
    return replace(history, events=(*history.events[:place], event, *history.events[place + 1 :]))


def _without_row(history: History, place: int) -> History:
    return replace(history, rows=(*history.rows[:place], *history.rows[place + 1 :]))


def sold_without_a_lock(history: History, chance: random.Random) -> History:
    """A refused buyer gets the units too, ledger row and all."""
    place = _pick(chance, _events(history, "reserve", "out_of_stock"))
    event = replace(history.events[place], told="ok", reservation="one-too-many")
    row = Row("reserved", "one-too-many", event.quantity, (event.called + event.returned) / 2)
    rows = sorted((*history.rows, row), key=lambda row: row.at)
    return replace(_with_event(history, place, event), rows=tuple(rows))


def answered_and_lost(history: History, chance: random.Random) -> History:
    """A buyer heard yes, but nothing was written."""
    kept = _pick(chance, _rows(history, "reserved"))
    gone = history.rows[kept].reservation
    return replace(history, rows=tuple(row for row in history.rows if row.reservation != gone))


def a_ledger_row_dropped(history: History, chance: random.Random) -> History:
    return _without_row(history, _pick(chance, _rows(history, "reserved", "confirmed", "released")))


def a_batch_run_again(history: History, chance: random.Random) -> History:
    """A reservation that nobody heard of, as a batch would leave if it ran again after a lost COMMIT."""
    place = _pick(chance, _rows(history, "reserved"))
    row = history.rows[place]
    again = replace(row, reservation="run-again")
    return replace(history, rows=(*history.rows[: place + 1], again, *history.rows[place + 1 :]))


def confirmed_twice(history: History, chance: random.Random) -> History:
    place = _pick(chance, _rows(history, "confirmed"))
    return replace(history, rows=(*history.rows[: place + 1], *history.rows[place:]))


def an_end_that_changed(history: History, chance: random.Random) -> History:
    """A caller who asks to release a sold hold hears that it was released."""
    place = _pick(chance, _events(history, "release", "reservation_confirmed"))
    return _with_event(history, place, replace(history.events[place], told="ok"))


def refused_while_units_were_free(history: History, chance: random.Random) -> History:
    """A stale refusal: it comes long after units came free, here after everything else."""
    last = max(event.returned for event in history.events)
    free = history.units - sum(
        {"reserved": row.quantity, "released": -row.quantity}.get(row.kind, 0) for row in history.rows
    )
    late = Event("reserve", last + 1, last + 1 + chance.random(), chance.randint(0, free), None, "out_of_stock")
    return replace(history, events=(*history.events, late))


def decided_before_it_was_asked(history: History, chance: random.Random) -> History:
    """A decision from before its call, as when the clock is read before the wait for the lock."""
    place = _pick(chance, _rows(history, "reserved", "confirmed", "released"))
    row = replace(history.rows[place], at=min(event.called for event in history.events) - 1)
    return replace(history, rows=(*history.rows[:place], row, *history.rows[place + 1 :]))


MISTAKES: tuple[Callable[[History, random.Random], History], ...] = (
    sold_without_a_lock,
    answered_and_lost,
    a_ledger_row_dropped,
    a_batch_run_again,
    confirmed_twice,
    an_end_that_changed,
    refused_while_units_were_free,
    decided_before_it_was_asked,
)
