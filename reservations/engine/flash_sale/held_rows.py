"""Held rows: who waits for a row that somebody holds for long leaves enough connections to all others."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from django.db import connection

from reservations.engine.errors import Busy


class HeldRows:
    """The few connections of this process on which requests may wait for held rows, one request each."""

    # Less than half of the pool's eight (``basico_stock/database.py``): rows that are free are served by the others.
    most_waiting: ClassVar[int] = 3

    def __init__(self) -> None:
        self._seats = threading.Semaphore(self.most_waiting)

    @contextmanager
    def seat(self, seconds: float) -> Iterator[None]:
        """One of them for the length of a `with`. Raises Busy when none comes free within `seconds`."""
        # Who waits for a seat keeps no connection: it could be the very one that those with free rows wait for.
        if connection.connection is not None:
            connection.close()
        if seconds <= 0 or not self._seats.acquire(timeout=seconds):
            raise Busy
        try:
            yield
        finally:
            self._seats.release()


held_rows = HeldRows()
