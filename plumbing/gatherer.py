"""A thread that works a moment after it was woken, so that many callers share one round of work.

A caller that wakes it waits for nothing. All gatherers treat a fork alike: a child inherits no threads, and its copy of
a lock may be held by a thread that it does not have. So it begins with fresh locks and nothing gathered; its parent
does what was gathered before.
"""

import logging
import os
import threading
import time
from abc import ABC, abstractmethod

logger = logging.getLogger(__name__)


class Gatherer(ABC):
    """Work that gathers, and this process's thread that does it, which starts when first needed."""

    def __init__(self, name: str, gather_seconds: float) -> None:
        """Name the thread, and say how many seconds it waits for more work once it is woken."""
        self._name, self._gather_seconds = name, gather_seconds
        self.begin()
        os.register_at_fork(after_in_child=self.begin)

    def begin(self) -> None:
        """Begin with nothing gathered, fresh locks and no thread."""
        self._awake = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._forget()

    def wake(self) -> None:
        """Let the thread work soon. Never waits for the work, never raises."""
        self._awake.set()
        if not self.is_running:
            self.start()

    @property
    def is_running(self) -> bool:
        """Whether the thread runs in this process."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Start the thread, unless it runs."""
        with self._starting:
            if self.is_running:
                return
            thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            try:
                thread.start()
            except RuntimeError as error:  # the process ends, or the machine has no thread left
                logger.warning("%s: no thread can be started: %s", self._name, error)
            else:
                self._thread = thread

    @abstractmethod
    def _forget(self) -> None:
        """Drop what was gathered, and its locks: a child process must not do its parent's work."""

    @abstractmethod
    def _work(self) -> bool:
        """Do what was gathered; True where some is left, so that the next round must come by itself."""

    def _run(self) -> None:
        while True:
            self._awake.wait()
            # Clear before taking the work: whatever comes from now on wakes the next round.
            self._awake.clear()
            time.sleep(self._gather_seconds)
            try:
                left = self._work()
            except Exception:
                logger.exception("%s: a round failed", self._name)
                continue
            if left:
                self._awake.set()
