"""How much Bling lets through: per account and second, per account and day, and per address."""

import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass

from sandbox.bling.errors import DAY, SECOND, edge_block, too_many
from sandbox.web import Clock, Response

DAY_SECONDS = 86_400
TEN_MINUTES, AN_HOUR = 600, 3_600


@dataclass
class Limits:
    """The limits in force; None lifts one. The second is any second, not one that begins at a full one."""

    requests_per_second: int | None = 3
    requests_per_day: int | None = 120_000
    address_blocks: bool = True


@dataclass(frozen=True)
class BlockRule:
    """So many events within so many seconds close the door for so long."""

    events: int
    within_seconds: float
    closed_seconds: float


BLOCKS = {
    "errors": BlockRule(300, 10, TEN_MINUTES),
    "requests": BlockRule(600, 10, TEN_MINUTES),
    "tokens": BlockRule(20, 60, AN_HOUR),
}


class Turnstile:
    """Counts, and says no. Refused requests do not count against the second or the day."""

    def __init__(self, clock: Clock) -> None:
        """Begin with nothing counted."""
        self.limits = Limits()
        self._clock = clock
        self._recent: dict[str, deque[float]] = defaultdict(deque)
        self._today: dict[tuple[str, int], int] = defaultdict(int)
        self._events: dict[str, deque[float]] = defaultdict(deque)
        self._closed_until = 0.0
        self._lock = threading.Lock()

    def pass_account(self, account_id: str, at: float) -> Response | None:
        """Count a request of the account that arrived `at` (monotonic). Returns the refusal, None when it may pass."""
        limits, day = self.limits, int(self._clock.now() // DAY_SECONDS)
        with self._lock:
            recent = self._recent[account_id]
            while recent and recent[0] <= at - 1:
                recent.popleft()
            if limits.requests_per_second is not None and len(recent) >= limits.requests_per_second:
                return too_many(limits.requests_per_second, SECOND)
            if limits.requests_per_day is not None and self._today[account_id, day] >= limits.requests_per_day:
                return too_many(limits.requests_per_day, DAY)
            recent.append(at)
            self._today[account_id, day] += 1
        return None

    def is_closed(self) -> Response | None:
        """The refusal of a blocked address, None when it is welcome."""
        return edge_block() if time.monotonic() + self._clock.skipped_seconds < self._closed_until else None

    def count(self, what: str) -> None:
        """Count an event ("requests", "errors", "tokens") that may close the door to the address."""
        rule, now = BLOCKS[what], time.monotonic() + self._clock.skipped_seconds
        with self._lock:
            events = self._events[what]
            events.append(now)
            while events[0] <= now - rule.within_seconds:
                events.popleft()
            if self.limits.address_blocks and len(events) > rule.events:
                self._closed_until = max(self._closed_until, now + rule.closed_seconds)

    def open_again(self) -> None:
        """Forget what was counted and open the door."""
        with self._lock:
            self._events.clear()
            self._recent.clear()
            self._today.clear()
            self._closed_until = 0.0
