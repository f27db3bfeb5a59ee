"""Worker processes as the Procfile runs them, which a test can kill, and a beat that wakes them."""

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from basico_stock.environment import REPOSITORY
from reservations.shopify.tasks import sweep_webhooks
from tests.support.patience import PATIENCE_SECONDS
from tests.support.terminal import variables_of_this_test

# Beat's own rounds are three seconds apart; a short storm wants more of them.
ROUND_SECONDS = 0.5


class Workers:
    """So many processes for the length of a `with`; a killed one is replaced."""

    def __init__(self, log: Path, *, number: int) -> None:
        self._variables = variables_of_this_test(DATABASE_POOL_SIZE="0")
        self._log = log.open("ab")
        self._processes = [self._start() for _ in range(number)]
        self._ended = threading.Event()
        self._beat = threading.Thread(target=self._wake, name="beat", daemon=True)
        self._beat.start()

    def kill_one(self, chance: random.Random) -> None:
        """Kill one at whatever line it runs, and start another."""
        place = chance.randrange(len(self._processes))
        os.kill(self._processes[place].pid, signal.SIGKILL)
        self._processes[place].wait(PATIENCE_SECONDS)
        self._processes[place] = self._start()

    def ended(self) -> list[int]:
        """The exit statuses of workers that ended by themselves; there should be none."""
        return [status for process in self._processes if (status := process.poll()) is not None]

    def _wake(self) -> None:
        while not self._ended.wait(ROUND_SECONDS):
            sweep_webhooks.apply_async(expires=3, retry=False)

    def _start(self) -> "subprocess.Popen[bytes]":
        program = [sys.executable, "-m", "celery", "--quiet", "--app", "basico_stock", "worker"]
        settings = ["--pool", "solo", "--without-gossip", "--without-mingle"]
        return subprocess.Popen(
            program + settings, cwd=REPOSITORY, env=self._variables, stdout=self._log, stderr=self._log
        )

    def __enter__(self) -> Self:
        """Go on."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop them all."""
        self._ended.set()
        self._beat.join(PATIENCE_SECONDS)
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait(PATIENCE_SECONDS)
        self._log.close()
