"""The refusals that one process has counted and not yet written."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

# Shop, SKU, reason.
Key = tuple[int, str, str]
# SKUs refused between two writes. A sale has far fewer, and a script that walks the catalogue cannot fill the memory.
MOST_KEYS = 4_000


@dataclass(frozen=True, slots=True)
class Said:
    """What the refusal said: the units available, when the next may come free, the limit of a cart."""

    available: int | None = None
    next_release: datetime | None = None
    most_units: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """The refusals of one key, the units they asked for, and what the last one said and when.

    ``last`` is by this machine's monotonic clock, in seconds.
    """

    refusals: int
    units: int
    said: Said
    last: float

    def plus(self, other: "Count") -> "Count":
        """Add both; the later one's words stay."""
        later = self if self.last > other.last else other
        return Count(self.refusals + other.refusals, self.units + other.units, later.said, later.last)


class Tally:
    """A dictionary of counts, under a lock that nobody holds for longer than an addition takes."""

    def __init__(self) -> None:
        self._counts: dict[Key, Count] = {}
        self._left_out = 0
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return bool(self._counts)

    def add(self, key: Key, units: int, said: Said) -> bool:
        """Count one refusal; True when nothing was waiting before."""
        with self._lock:
            was_empty = not self._counts
            self._add(key, Count(1, units, said, monotonic()))
            return was_empty

    def take(self) -> tuple[Mapping[Key, Count], int]:
        """Take out all that waits; returns it, and how many refusals found no room."""
        with self._lock:
            taken, left_out = (self._counts, self._left_out)
            self._counts, self._left_out = {}, 0
            return taken, left_out

    def put_back(self, taken: Mapping[Key, Count]) -> None:
        """Put counts back that could not be written, together with what came meanwhile."""
        with self._lock:
            for key, count in taken.items():
                self._add(key, count)

    def _add(self, key: Key, count: Count) -> None:
        known = self._counts.get(key)
        if known is not None:
            self._counts[key] = known.plus(count)
        elif len(self._counts) < MOST_KEYS:
            self._counts[key] = count
        else:
            self._left_out += count.refusals
