"""One process of the Procfile: we start it, print what it says, restart it when it dies, and stop its whole group."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress

from basico_stock.dev import console
from basico_stock.environment import REPOSITORY

STOP_SECONDS = 15
LONGEST_PAUSE_SECONDS = 10.0
# After so long a life a death counts as the first, with the shortest pause.
STEADY_SECONDS = 30


class Child:
    """A named shell command in a session of its own, so that the terminal's Ctrl-C reaches only `bin/dev`."""

    def __init__(self, name: str, command: str, environment: Mapping[str, str]) -> None:
        """Prepare, and start nothing yet."""
        self.name = name
        self.command = command
        self.environment = environment
        self._process: subprocess.Popen[str] | None = None
        self._started_at = 0.0
        self._deaths = 0
        self._start_again_at: float | None = None

    def start(self) -> None:
        """Start the process and pass on what it prints."""
        self._start_again_at = None
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {self.command}"],
            cwd=REPOSITORY,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()

    def status(self) -> int | None:
        """Return the exit status of a process that ended by itself, None while it runs."""
        return self._process.poll() if self._process else None

    def look_after(self) -> None:
        """Start the process again if it has ended, after a pause that grows while it keeps dying."""
        if self.status() is None or self._process is None:
            return
        now = time.monotonic()
        if self._start_again_at is None:
            self._kill_group(self._process.pid)
            self._deaths = 1 if now - self._started_at > STEADY_SECONDS else self._deaths + 1
            # The first death starts it again almost at once; one that keeps dying must not fill the log.
            pause = min(LONGEST_PAUSE_SECONDS, 0.25 * 2 ** (self._deaths - 1))
            console.say(f"ended with status {self.status()}; starts again in {pause:g} s", who=self.name)
            self._start_again_at = now + pause
        elif now >= self._start_again_at:
            self.start()

    def ask_to_stop(self) -> None:
        """Send SIGTERM: web finishes its requests, the worker its task."""
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def wait_stopped(self, deadline: float) -> None:
        """Return when nothing of its group runs any more; use force after `deadline` (by time.monotonic)."""
        if self._process:
            try:
                self._process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                console.say("did not stop when asked and is stopped by force", who=self.name)
            self._kill_group(self._process.pid)
            self._process.wait()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        for line in process.stdout:
            console.say(line.rstrip("\n"), who=self.name)

    def _kill_group(self, group: int) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
