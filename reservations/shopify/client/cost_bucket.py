"""Shopify's cost bucket of a shop, as its last answer described it.

Shopify gives each app and shop a bucket of points that refills at a steady rate, and says with each answer how full it
is. A call that would find it too empty waits here, so that Shopify need not refuse it. Each process keeps its own view:
it only decides how long to wait, and a refusal corrects it.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_MOST_SHOPS = 10_000


@dataclass(slots=True)
class _Bucket:
    available: float
    maximum: float
    per_second: float
    at: float


class Budget:
    """The buckets of all shops that this process talks to."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[int, _Bucket] = {}
        self._costs: dict[str, float] = {}
        self._mutex = threading.Lock()

    def forget(self) -> None:
        """Forget every shop."""
        with self._mutex:
            self._buckets.clear()
            self._costs.clear()

    def seconds_to_wait(self, shop_id: int, operation: str, spare: float = 0.0) -> float:
        """The seconds until the bucket holds what `operation` cost the last time, and `spare` points beyond that.

        0 while we know nothing.
        """
        with self._mutex:
            bucket = self._buckets.get(shop_id)
            cost = self._costs.get(operation, 0.0)
            if bucket is None or bucket.per_second <= 0:
                return 0.0
            refilled = (self._clock() - bucket.at) * bucket.per_second
            available = min(bucket.maximum, bucket.available + refilled)
            # A cost above the bucket's size never fits: wait for a full bucket and let Shopify decide.
            return max(0.0, (min(cost + spare, bucket.maximum) - available) / bucket.per_second)

    def learn(self, shop_id: int, operation: str, cost: Mapping[str, Any]) -> None:
        """Learn from ``extensions.cost`` of an answer; ignore one that makes no sense."""
        status = cost.get("throttleStatus")
        values = status if isinstance(status, Mapping) else {}
        try:
            bucket = _Bucket(
                float(values["currentlyAvailable"]),
                float(values["maximumAvailable"]),
                float(values["restoreRate"]),
                self._clock(),
            )
            asked = float(cost["requestedQueryCost"])
        except (KeyError, TypeError, ValueError):
            return
        with self._mutex:
            # What is forgotten costs one refusal at most, so no order of eviction is worth keeping.
            if len(self._buckets) >= _MOST_SHOPS:
                self._buckets.clear()
            self._buckets[shop_id] = bucket
            self._costs[operation] = asked
