"""The books on disk: what a stand-in knows outlives its process, also one that is killed.

They are written before the answer to a request that may have changed them. Where there is so much to write that answers
would wait for it, they are written soon after instead.
"""

import hashlib
import pickle
import threading
import time
from functools import cache
from pathlib import Path
from typing import Any

import sandbox
from sandbox.stand_in.memory import Memory

# Writing that takes longer than an answer may wait (of a processor's time) is put off by so many times its length.
QUICK_SECONDS = 0.02
REST = 10
_ROOMS = ("bling", "shopify", "stand_in", "web")


class Books:
    """The books of one stand-in in one file, which only the code that wrote them reads again.

    Pickled, because they are a net of objects with ids of their own, and read by nobody else; the file is its owner's.
    """

    def __init__(self, file: Path, stand_in: Memory[Any]) -> None:
        """Name the file; nothing is read or written yet."""
        self._file, self._stand_in = file, stand_in
        self._writing = threading.Lock()
        self._wanted = self._written = 0
        self._seconds = 0.0
        self._later: threading.Timer | None = None

    def resume(self) -> bool:
        """Let the stand-in go on from its books; False when there are none that this code has written."""
        try:
            code, kept = pickle.loads(self._file.read_bytes())  # noqa: S301 - we wrote it, for this user alone
        except Exception:  # noqa: BLE001 - none there, half of one, or another version's: a new book is begun
            return False
        if code != _code():
            return False
        self._stand_in.resume(kept)
        return True

    def changed(self) -> None:
        """Something may have changed: write it down before anybody is told, or soon."""
        if self._seconds <= QUICK_SECONDS:
            self.write()
        elif self._later is None or not self._later.is_alive():
            self._later = threading.Timer(REST * self._seconds, self.write)
            self._later.daemon = True
            self._later.start()

    def write(self) -> None:
        """Write everything. Of those who want it at once, one writes for all."""
        self._wanted += 1
        mine = self._wanted
        with self._writing:
            if self._written >= mine:
                return
            upto, began = self._wanted, time.thread_time()
            draft = self._file.with_suffix(".new")
            draft.touch(mode=0o600)
            with self._stand_in.lock:
                content = pickle.dumps((_code(), self._stand_in.kept()), protocol=pickle.HIGHEST_PROTOCOL)
            draft.write_bytes(content)
            draft.replace(self._file)
            self._written, self._seconds = upto, time.thread_time() - began


@cache
def _code() -> str:
    """Tells one version of the stand-ins' code from another."""
    home = Path(sandbox.__file__).parent
    files = sorted(file for room in _ROOMS for file in (home / room).rglob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
