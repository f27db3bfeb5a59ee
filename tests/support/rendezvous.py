"""Threads that act in the same instant."""

import os
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db import connections

from .patience import PATIENCE_SECONDS

# How often a race for the last unit is run. Without the lock nearly every round is lost (tests/promise/concurrency/
# test_controls.py: 23 to 25 of 25), so these are many.
RACE_ROUNDS = int(os.environ.get("RACE_ROUNDS", "25"))

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")


def at_once(calls: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Start all `calls` at one barrier; returns what each returned or raised, in their order."""
    start = threading.Barrier(len(calls))
    outcomes: list[T | Exception] = [RuntimeError("never came back")] * len(calls)

    def run(place: int) -> None:
        start.wait(PATIENCE_SECONDS)
        try:
            outcomes[place] = calls[place]()
        except Exception as error:  # noqa: BLE001  (an outcome like any other)
            outcomes[place] = error
        finally:
            # Each thread has its own connection, and gives it back to the pool.
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,), daemon=True) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert not any(thread.is_alive() for thread in threads), "a request waits for ever"
    return outcomes


def both(first: Callable[[], A], second: Callable[[], B]) -> tuple[A | Exception, B | Exception]:
    """Start two calls at once; returns what each returned or raised."""
    calls: list[Callable[[], Any]] = [first, second]
    one, other = at_once(calls)
    return one, other


def returned(outcomes: Sequence[T | Exception]) -> list[T]:
    """The outcomes that are results."""
    return [outcome for outcome in outcomes if not isinstance(outcome, Exception)]


def raised(outcomes: Sequence[object]) -> list[Exception]:
    """The outcomes that are errors."""
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]
