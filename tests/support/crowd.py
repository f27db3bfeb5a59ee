"""Requests in a queue: started one after the other, collected later."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connections

from reservations.engine import flash_sale
from reservations.models import Shop

from . import stopwatch
from .patience import PATIENCE_SECONDS

T = TypeVar("T")


def in_queue(shop: Shop, sku: str) -> int:
    """How many requests for this SKU wait in this process for the next batch."""
    queue = flash_sale.process.shop(shop.pk).of_skus(sku)
    return queue.length if queue else 0


class Crowd(Generic[T]):
    """Threads with one call each."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._outcomes: list[T | BaseException] = []
        self._seconds: list[float] = []

    def send(self, call: Callable[[], T]) -> None:
        """Start one more call, in a thread of its own."""
        place = len(self._threads)
        self._outcomes.append(RuntimeError("never came back"))
        self._seconds.append(0.0)

        def run() -> None:
            begun = stopwatch.now()
            try:
                self._outcomes[place] = call()
            except BaseException as error:  # noqa: BLE001  (an outcome like any other)
                self._outcomes[place] = error
            finally:
                self._seconds[place] = stopwatch.now() - begun
                connections.close_all()

        self._threads.append(threading.Thread(target=run, daemon=True))
        self._threads[-1].start()

    def outcomes(self) -> list[T | BaseException]:
        """What each call returned or raised, in the order of sending."""
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)
            assert not thread.is_alive(), "a request waits for ever"
        return self._outcomes

    def outcome_of(self, place: int) -> T | BaseException:
        """What call number `place` returned or raised."""
        self._threads[place].join(PATIENCE_SECONDS)
        assert not self._threads[place].is_alive(), "a request waits for ever"
        return self._outcomes[place]

    def slowest(self) -> float:
        """Seconds that the slowest call took, by the stopwatch."""
        self.outcomes()
        return max(self._seconds)
