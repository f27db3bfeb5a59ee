"""Two requests in any second, kept by Redis for all processes.

A company has two slots. A request takes one before we send it and frees it a second after we read its answer. So of any
three requests the third leaves a full second after the first arrived, however slow the network or this machine. If we
spaced the starts instead, a late packet could put three into one second.

Redis may forget everything. It then forgets a mark too, and its absence makes the company wait as long as a forgotten
request might still count.
"""

from functools import lru_cache
from typing import Protocol
from uuid import uuid4

import redis
from django.conf import settings

SLOTS = 2
# A second, and the most that clocks and schedulers differ by.
HELD_AFTER_ANSWER_MS = 1_050
QUIET_MS = 1_300
MARK_LIVES_SECONDS = 7 * 86_400
PATIENCE_SECONDS = 1.0

# One script, so that nobody takes a slot between the look and the taking. It runs on one node of a cluster: the keys
# share the tag in braces.
_TAKE = """
if redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[4]) then
    for place = 2, #KEYS do redis.call('SET', KEYS[place], 'quiet', 'PX', ARGV[1]) end
    return {0, tonumber(ARGV[1])}
end
local soonest = tonumber(ARGV[2])
for place = 2, #KEYS do
    if redis.call('SET', KEYS[place], ARGV[3], 'NX', 'PX', ARGV[2]) then return {place, 0} end
    soonest = math.min(soonest, redis.call('PTTL', KEYS[place]))
end
return {0, soonest}
"""
# Only while the slot is still ours: after its lifetime it may be another's.
_GIVE_BACK = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
"""


class Slot(Protocol):
    """The right to have one request under way."""

    def give_back(self) -> None:
        """The answer was read, or nothing was sent."""


class RedisSlot:
    """A slot that Redis keeps."""

    def __init__(self, key: str, holder: str) -> None:
        self._key, self._holder = key, holder

    def give_back(self) -> None:
        """Free it a second from now. If Redis is away, the slot frees itself when its lifetime ends."""
        try:
            _client().eval(_GIVE_BACK, 1, self._key, self._holder, HELD_AFTER_ANSWER_MS)
        except redis.RedisError:
            return


def take(limit_key: str, lifetime_seconds: float) -> RedisSlot | float:
    """A slot of the company, or the seconds to wait before one may be free. Raises redis.RedisError."""
    keys = ["{bling-rate}:memory", *(f"{{bling-rate}}:{limit_key}:{place}" for place in range(SLOTS))]
    holder = uuid4().hex
    arguments = (QUIET_MS, int(lifetime_seconds * 1_000), holder, MARK_LIVES_SECONDS)
    place, wait_ms = _client().eval(_TAKE, len(keys), *keys, *arguments)
    return RedisSlot(keys[place - 1], holder) if place else max(1, int(wait_ms)) / 1_000


@lru_cache(maxsize=1)
def _client() -> "redis.Redis":
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS
    )
