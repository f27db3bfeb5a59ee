"""The pace of a company, two requests a second: a caller waits here for the right to send one.

:mod:`.redis_slots` keeps the pace for all processes; while Redis is away :mod:`.database_slot` does, more slowly.
"""

import logging
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import redis

from bling_sync import durations
from bling_sync.errors import Waiting
from plumbing.away_from_database import pause

from . import database_slot, redis_slots

logger = logging.getLogger(__name__)

# Added to a call's longest time, so that a slot outlives any call that its holder may still have under way.
LIFETIME_MARGIN_SECONDS = 5.0
PATIENCE_SECONDS = 20.0
_LONGEST_NAP_SECONDS = 0.5


class _Fallback:
    """Whether this process does without Redis. Entering waits until what Redis let through has counted."""

    def __init__(self) -> None:
        self._active = False
        self._lock = Lock()

    def enter(self, error: Exception) -> None:
        with self._lock:
            entered, self._active = not self._active, True
        if entered:
            logger.warning("Redis is away (%s): requests to Bling go one at a time", type(error).__name__)
            pause(redis_slots.QUIET_MS / 1_000)

    def leave(self) -> None:
        if self._active:
            self._active = False
            logger.info("Redis is back: requests to Bling go at their usual pace")


_fallback = _Fallback()


@contextmanager
def one_request(limit_key: str) -> Iterator[None]:
    """Wait for the company's turn; the block may send one request. Raises Waiting when that takes too long."""
    slot = _wait(limit_key)
    try:
        yield
    finally:
        slot.give_back()


def count_one(limit_key: str) -> None:
    """Count a request that we sent before we knew its company."""
    with one_request(limit_key):
        return


def _wait(limit_key: str) -> redis_slots.Slot:
    deadline = time.monotonic() + PATIENCE_SECONDS
    lifetime = durations.call_seconds() + LIFETIME_MARGIN_SECONDS
    while True:
        taken = _take(limit_key, lifetime)
        if not isinstance(taken, float):
            return taken
        # Not by what is left of a slot: that is a call's longest time, and most are over in a tenth of a second.
        if time.monotonic() >= deadline:
            raise Waiting("too many requests of this company are waiting", taken)
        # A little chance, so that those who wait for one slot do not all wake in one instant.
        pause(min(taken, _LONGEST_NAP_SECONDS) + random.uniform(0, 0.02))  # noqa: S311 - no secret


def _take(limit_key: str, lifetime: float) -> redis_slots.Slot | float:
    try:
        taken = redis_slots.take(limit_key, lifetime)
    except redis.RedisError as error:
        _fallback.enter(error)
        return database_slot.take(limit_key, lifetime)
    _fallback.leave()
    return taken
