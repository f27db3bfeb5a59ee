"""Requests per minute, for the API keys that have a limit.

A sliding window of two counters in Redis, by Redis' clock, in one round trip: the requests of the last full minute
count for the part of it that still lies within sixty seconds. A refused request does not count. Without Redis everyone
passes: a limit protects comfort, and PostgreSQL protects the stock.
"""

import logging
from abc import abstractmethod
from collections.abc import Mapping
from functools import cache
from time import monotonic
from typing import Any, cast

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from .authentication import Caller
from .errors import Throttled

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 60
# A request never waits longer than this for its limit.
REDIS_TIMEOUT_SECONDS = 0.25
# After a failure nobody waits for Redis for a while, and the log gets one line and not thousands.
PAUSE_SECONDS = 5.0

# Returns 0, or the milliseconds after which a request would pass. `before` is the last minute's count, of which
# `left / window` still lies within the window. A refusal solves `served + before * left / window + 1 = limit` for the
# moment when it holds: in this minute if `served` alone leaves room, else in the next, where `served` is the `before`.
_SLIDING_WINDOW = """
local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2]) * 1000
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local minute = math.floor(now / window)
local kept = redis.call('HMGET', KEYS[1], 'minute', 'served', 'before')
local age = minute - (tonumber(kept[1]) or -2)
local served = age == 0 and tonumber(kept[2]) or 0
local before = age == 0 and tonumber(kept[3]) or age == 1 and tonumber(kept[2]) or 0
local left = window - now % window
if served + before * left / window + 1 <= limit then
    redis.call('HSET', KEYS[1], 'minute', minute, 'served', served + 1, 'before', before)
    redis.call('PEXPIRE', KEYS[1], 2 * window)
    return 0
end
if served + 1 <= limit then
    return math.ceil(left - window * (limit - 1 - served) / before)
end
return math.ceil(left + window * (1 - (limit - 1) / served))
"""


class SlidingWindow:
    """Counts the requests served under each name, in the Redis at `url`."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url,
            socket_timeout=REDIS_TIMEOUT_SECONDS,
            socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._script = self._redis.register_script(_SLIDING_WINDOW)
        self._paused_until = 0.0

    def seconds_to_wait(self, caller: Caller) -> int:
        """0 when the caller's request may pass, else the whole seconds after which to try again."""
        return self.seconds_until_free(caller.credential, caller.requests_per_minute or 0, WINDOW_SECONDS)

    def seconds_until_free(self, name: str, limit: int, window_seconds: int) -> int:
        """0 when one more of `limit` in `window_seconds` may pass, else the seconds after which to try again."""
        if monotonic() < self._paused_until:
            return 0
        try:
            milliseconds = self._script(keys=[f"throttle:{name}"], args=[limit, window_seconds])
        except redis.RedisError as error:
            self._paused_until = monotonic() + PAUSE_SECONDS
            logger.warning("limits of requests are not enforced for %d s: Redis: %r", PAUSE_SECONDS, error)
            return 0
        return -(-int(milliseconds) // 1000)  # rounded up: a second too early would be refused again


@cache
def sliding_window(url: str) -> SlidingWindow:
    """The one counter of this process for a Redis."""
    return SlidingWindow(url)


class Limit(BaseThrottle):
    """A limit on how often one caller may call."""

    @staticmethod
    def concerns(caller: Caller) -> bool:
        """Whether the caller has this limit at all; False spares the question."""
        return True

    @staticmethod
    @abstractmethod
    def count(meta: Mapping[str, Any], caller: Caller) -> None:
        """Count a call with this head. Raises Throttled when the limit is used up."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """True when the request may pass: as the REST framework asks for it. Raises Throttled."""
        caller: Caller = cast("Any", request).caller
        if self.concerns(caller):
            self.count(request.META, caller)
        return True


class ApiKeyThrottle(Limit):
    """Holds an API key to its requests per minute; most have no limit and pay nothing for this."""

    @staticmethod
    def concerns(caller: Caller) -> bool:
        """Whether this key has a limit."""
        return caller.requests_per_minute is not None

    @staticmethod
    def count(meta: Mapping[str, Any], caller: Caller) -> None:
        """Count a call of this key. Raises Throttled."""
        seconds = sliding_window(settings.REDIS_URL).seconds_to_wait(caller)
        if seconds:
            raise Throttled(seconds)
