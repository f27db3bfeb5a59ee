"""The thread that now and then writes down what its process's other threads counted."""

import logging
import threading

from django.db import InterfaceError, OperationalError, connection

from plumbing.gatherer import Gatherer

from .counts_table import write
from .tally import Key, Said, Tally

logger = logging.getLogger(__name__)

# How long a count waits: long enough to make one row of a rush, short enough for a page that somebody watches.
GATHER_SECONDS = 2.0
# A process that ends waits at most so long for a write that has begun; the database's own limits end it sooner.
LAST_WRITING_SECONDS = 10.0


class Clerk(Gatherer):
    """Carries this process's counts into the table."""

    def __init__(self) -> None:
        super().__init__("refusals", GATHER_SECONDS)

    def note(self, key: Key, units: int, said: Said) -> None:
        """Count one refusal of `units` units. Never waits for the database, never raises."""
        if self._tally.add(key, units, said) or self._thread is None:
            self.wake()

    def flush(self) -> None:
        """Write what waits, now. While the database is away the counts wait on; nothing is raised."""
        with self._writing:
            self._write()

    def end(self) -> None:
        """Write what waits before the process ends, if the lock is free in time."""
        if self._tally and self._writing.acquire(timeout=LAST_WRITING_SECONDS):
            try:
                self._write()
            finally:
                self._writing.release()

    def _write(self) -> None:
        counts, left_out = self._tally.take()
        if left_out:
            logger.warning("%s refusals of more SKUs than are kept in mind at once were not counted", left_out)
        if not counts:
            return
        try:
            write(counts)
        except (OperationalError, InterfaceError) as error:
            logger.warning("counts of refusals wait for the database: %s", error)
            self._tally.put_back(counts)
        except Exception:
            logger.exception("counts of refusals were lost")

    def _forget(self) -> None:
        self._tally = Tally()
        self._writing = threading.Lock()

    def _work(self) -> bool:
        try:
            self.flush()
            # This thread needs a connection for a moment only: give it back to the pool.
            connection.close()
        except Exception:
            logger.exception("counts of refusals wait")
        return bool(self._tally)
