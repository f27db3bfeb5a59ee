"""Every request that arrived, in order, with the time of the machine's steady clock."""

import threading
import time
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.web.messages import Request

# A long run must not fill the memory; the oldest go first.
LONGEST = 200_000


@dataclass
class Entry:
    """One request. `status` is None while it is answered and 0 when the connection was cut."""

    number: int
    at: float
    method: str
    path: str
    query: str
    account: str = ""
    operation: str = ""
    status: int | None = None
    fault: str = ""
    seconds: float = 0.0


class Journal:
    """The request log. `at` is `time.monotonic()`, the same clock in every process of a machine."""

    def __init__(self) -> None:
        """Begin empty."""
        self._entries: list[Entry] = []
        self._count = 0
        self._lock = threading.Lock()

    def open(self, request: Request) -> Entry:
        """Write down that `request` has arrived."""
        path, _, query = request.target.partition("?")
        with self._lock:
            self._count += 1
            entry = Entry(self._count, request.received_at, request.method, path, query)
            self._entries.append(entry)
            del self._entries[:-LONGEST]
        return entry

    def close(self, entry: Entry, status: int) -> None:
        """Write down how it was answered."""
        entry.status = status
        entry.seconds = time.monotonic() - entry.at

    def entries(self, after: int = 0) -> list[Entry]:
        """The requests with a number above `after`."""
        with self._lock:
            return [entry for entry in self._entries if entry.number > after]

    def as_json(self, after: int = 0) -> list[dict[str, Any]]:
        """The same, ready to be sent."""
        return [asdict(entry) for entry in self.entries(after)]
