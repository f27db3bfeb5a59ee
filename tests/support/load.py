"""Buyers who reserve without a pause, each time with a new key, and the journal of their answers."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from . import stopwatch
from .buyer import Answer, Buyer
from .patience import PATIENCE_SECONDS, wait_until

# How long a client waits after no answer before it tries again.
PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class Attempt:
    """One request: its key, its answer (None: none came), the seconds it took by the stopwatch, and when it began."""

    key: str
    answer: Answer | None
    seconds: float
    at: float


@dataclass
class Load:
    """The journal, which grows while the buyers run."""

    port: int
    api_key: str
    sku: str
    attempts: list[Attempt] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self, buyers: int) -> Iterator["Load"]:
        """Run `buyers` buyers until the end of the block."""
        threads = [threading.Thread(target=self._buy, daemon=True) for _ in range(buyers)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._over.set()
            for thread in threads:
                thread.join(PATIENCE_SECONDS)
        assert not any(thread.is_alive() for thread in threads), "a request waits for ever"

    def told(self, code: str) -> list[Attempt]:
        """The attempts that got this answer."""
        return [attempt for attempt in list(self.attempts) if attempt.answer and attempt.answer.code == code]

    def unanswered(self) -> list[Attempt]:
        """The attempts whose outcome is open: they got no answer, or one that does not tell."""
        return [attempt for attempt in list(self.attempts) if not attempt.answer or attempt.answer.status >= 500]

    def wait_for(self, more: int, code: str = "ok") -> float:
        """Wait until `more` further attempts got this answer; returns the seconds it took, by the stopwatch."""
        begun, enough = stopwatch.now(), len(self.told(code)) + more
        wait_until(lambda: len(self.told(code)) >= enough, f"{more} more are told {code}")
        return stopwatch.now() - begun

    def _buy(self) -> None:
        buyer = Buyer(self.port, self.api_key)
        while not self._over.is_set():
            attempt = self._attempt(buyer, f"key-{next(self._numbers)}")
            if attempt:
                self.attempts.append(attempt)
            if not attempt or attempt.answer is None:
                self._over.wait(PAUSE_SECONDS)
        buyer.close()

    def _attempt(self, buyer: Buyer, key: str) -> Attempt | None:
        """What came of one request; None when nobody listened: it never left, so nothing of it is open."""
        begun, at = stopwatch.now(), time.monotonic()
        answer: Answer | None = None
        try:
            answer = buyer.reserve(self.sku, key=key)
        except ConnectionRefusedError:
            return None
        except (OSError, http.client.HTTPException):
            pass
        return Attempt(key, answer, stopwatch.now() - begun, at)
