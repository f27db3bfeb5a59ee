"""Reservation ids: UUIDv7 (RFC 9562), with 74 random bits unguessable, and cheaper for an index than version 4."""

import os
import time
from uuid import UUID

_RANDOM_BYTES = 10
_DRAWN_AT_ONCE = 64
# Each call of urandom lets another thread run, and the caller has a row locked; so one call draws enough for a batch.
# No piece serves twice, and a child process begins without any.
_drawn: list[bytes] = []
os.register_at_fork(after_in_child=_drawn.clear)

# An id that nothing has. It stands where a statement's list would be empty: the planner knows that nothing is in an
# empty one, and then walks any index to find nothing.
NO_ID = UUID(int=0)


def new_id() -> UUID:
    """A fresh id whose first 48 bits are this machine's clock in milliseconds; nothing reads that time back."""
    milliseconds = time.time_ns() // 1_000_000 & 0xFFFFFFFFFFFF
    random = int.from_bytes(_random_bytes())
    # 48 bits of time, version 7, 12 random bits, variant 10, 62 random bits: 74 of the 80 that were drawn.
    return UUID(int=milliseconds << 80 | 0x7 << 76 | (random >> 68) << 64 | 0b10 << 62 | random & 0x3FFFFFFFFFFFFFFF)


def _random_bytes() -> bytes:
    try:
        return _drawn.pop()
    except IndexError:
        drawn = os.urandom(_RANDOM_BYTES * _DRAWN_AT_ONCE)
        _drawn.extend(drawn[start : start + _RANDOM_BYTES] for start in range(_RANDOM_BYTES, len(drawn), _RANDOM_BYTES))
        return drawn[:_RANDOM_BYTES]
