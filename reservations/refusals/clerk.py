"""The thread that writes down, every now and then, what the others of its process counted."""

import logging
import threading

from django.db import InterfaceError, OperationalError, connection

from .tally import Key, Said, Tally
from .writing import write

logger = logging.getLogger(__name__)

# How long a count waits: long enough to make one row of a rush, and short enough for a page that is watched.
GATHER_SECONDS = 2.0
# A process that ends waits so long for a writing that has begun; the database's own limits end it sooner.
LAST_WRITING_SECONDS = 10.0


class Clerk:
    """Counts of this process, and their way into the table."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin with nothing counted and no thread, as a child process must: what it inherited is its parent's."""
        self._tally = Tally()
        self._awake = threading.Event()
        self._writing = threading.Lock()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def note(self, key: Key, units: int, said: Said) -> None:
        """Count one refusal of so many units. Never waits for the database, never raises."""
        if self._tally.add(key, units, said) or self._thread is None:
            self._wake()

    def start(self) -> None:
        """Have a thread that writes, if none does."""
        with self._starting:
            if self._thread is not None and self._thread.is_alive():
                return
            thread = threading.Thread(target=self._run, name="refusals", daemon=True)
            try:
                thread.start()
            except RuntimeError as error:  # the process ends, or the machine has no thread left
                logger.warning("counts of refusals wait: %s", error)
            else:
                self._thread = thread

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

    def _wake(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self.start()
        self._awake.set()

    def _run(self) -> None:
        while True:
            self._awake.wait()
            self._awake.clear()
            threading.Event().wait(GATHER_SECONDS)
            try:
                self.flush()
                # The connection goes back to the pool: this thread needs it for a moment only.
                connection.close()
            except Exception:
                logger.exception("counts of refusals wait")
            if self._tally:
                self._awake.set()
