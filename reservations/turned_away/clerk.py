"""The thread that writes down, every now and then, what the others of its process counted."""

import logging
import threading

from django.db import InterfaceError, OperationalError, connection

from plumbing.gatherer import Gatherer

from .counts_table import write
from .tally import Key, Said, Tally

logger = logging.getLogger(__name__)

# How long a count waits: long enough to make one row of a rush, and short enough for a page that is watched.
GATHER_SECONDS = 2.0
# A process that ends waits so long for a writing that has begun; the database's own limits end it sooner.
LAST_WRITING_SECONDS = 10.0


class Clerk(Gatherer):
    """Counts of this process, and their way into the table."""

    def __init__(self) -> None:
        super().__init__("refusals", GATHER_SECONDS)

    def note(self, key: Key, units: int, said: Said) -> None:
        """Count one refusal of so many units. Never waits for the database, never raises."""
        if self._tally.add(key, units, said) or self._thread is None:
            self.wake()

    def flush(self) -> None:
        """Write what waits, now. What a database that is away does not take waits on; nothing is raised."""
        with self._writing:
            self._write()

    def end(self) -> None:
        """Write what waits before the process ends, if that can be done soon."""
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
            # The connection goes back to the pool: this thread needs it for a moment only.
            connection.close()
        except Exception:
            logger.exception("counts of refusals wait")
        return bool(self._tally)
