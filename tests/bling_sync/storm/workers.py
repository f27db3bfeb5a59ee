"""Worker processes that a test can kill."""

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from basico_stock.environment import REPOSITORY
from sandbox.bling import RunningStandIn
from tests.support.patience import PATIENCE_SECONDS
from tests.support.terminal import variables_of_this_test


class Parts(NamedTuple):
    """A kind of worker: how many, how long they hold a slot after an answer, and with which settings."""

    number: int
    held_ms: int
    settle: int
    call_seconds: int
    redis_url: str = ""


class Workers:
    """So many processes for the length of a `with`; a killed one is replaced."""

    def __init__(self, bling: RunningStandIn, log: Path, parts: Parts) -> None:
        self._variables = variables_of_this_test(
            BLING_API_URL=bling.api_url,
            BLING_AUTHORIZE_URL=bling.authorize_url,
            BLING_SETTLE_SECONDS=str(parts.settle),
            BLING_TIMEOUT_SECONDS=str(parts.call_seconds),
            DATABASE_POOL_SIZE="0",
            **({"REDIS_URL": parts.redis_url} if parts.redis_url else {}),
        )
        self._held_ms = parts.held_ms
        self._log = log.open("ab")
        self._lock = threading.Lock()
        self._processes = [self._start() for _ in range(parts.number)]

    def kill_one(self, chance: random.Random) -> None:
        """Kill one at whatever line it runs, and start another."""
        with self._lock:
            place = chance.randrange(len(self._processes))
            os.kill(self._processes[place].pid, signal.SIGKILL)
            self._processes[place].wait(PATIENCE_SECONDS)
            self._processes[place] = self._start()

    def ended(self) -> list[int]:
        """The exit statuses of workers that ended by themselves; there should be none."""
        return [status for process in self._processes if (status := process.poll()) is not None]

    def _start(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "tests.bling_sync.storm.worker", str(self._held_ms)]
        return subprocess.Popen(command, cwd=REPOSITORY, env=self._variables, stdout=self._log, stderr=self._log)

    def __enter__(self) -> Self:
        """Go on."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop them all."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait(PATIENCE_SECONDS)
        self._log.close()
