"""Seconds that this machine really had: they judge a promise in seconds, never a wall clock, and only where asked.

A machine that is too busy leaves a program waiting, and a wall clock counts that time against the service. This clock
counts short turns of a nap and a piece of work, each at what it takes on a quiet machine: when they come late, its
seconds are longer, as for every program. On a quiet machine both clocks agree within a few per cent.

Busy enough, a machine makes a service late even by this clock. So a test shows by cause and effect that something ends,
and QUIET_MACHINE=1 says that nothing else runs, and each promised second is judged.
"""

import hashlib
import os
import threading
import time

NAP_SECONDS = 0.02
# About two milliseconds of work, without the interpreter's lock.
_WORK = bytes(2_000_000)
# After so long without a reader it stops.
_IDLE_SECONDS = 60.0
_IS_QUIET = os.environ.get("QUIET_MACHINE") == "1"


class _Turns:
    """Counts turns in a thread, which runs as long as somebody reads the count."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._asked = 0.0
        self._work_seconds = float("inf")
        self._counted = 0.0

    def counted(self) -> float:
        with self._lock:
            self._asked = time.monotonic()
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="stopwatch", daemon=True)
                self._thread.start()
            return self._counted

    def _run(self) -> None:
        while time.monotonic() - self._asked < _IDLE_SECONDS:
            time.sleep(NAP_SECONDS)
            began = time.monotonic()
            hashlib.sha256(_WORK).digest()
            # The fastest turn so far is what one takes on a quiet machine.
            self._work_seconds = min(self._work_seconds, time.monotonic() - began)
            self._counted += NAP_SECONDS + self._work_seconds


_turns = _Turns()


def now() -> float:
    """Seconds that the machine had since some moment; only differences mean something."""
    return _turns.counted()


def judge(seconds: float, *, promised: float, asked: bool = _IS_QUIET) -> None:
    """Fail if what took `seconds` was promised sooner, where that is `asked`: on a machine that is quiet."""
    assert seconds < promised or not asked, f"{seconds:.1f} s, and {promised:.1f} s are promised"
