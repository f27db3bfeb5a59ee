"""Running `bin/dev` as a person does, with a home folder and a port of its own."""

import os
import queue
import re
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from basico_stock.environment import REPOSITORY
from tests.support.free_port import free_port
from tests.support.patience import PATIENCE_SECONDS, wait_until

# Ten times what a quiet machine takes.
START_SECONDS = 180
ANNOUNCED = "Ctrl-C stops everything."
# The tests' own settings put these into the environment; a person has none of them.
PERSONAL = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TERM", "USER"}}


class DevRun:
    """One `bin/dev` process and everything it said."""

    def __init__(self, home: Path, port: int, arguments: Sequence[str] = (), **variables: str) -> None:
        self.home = home
        self.port = port
        self.lines: list[str] = []
        self._news: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            [str(REPOSITORY / "bin/dev"), *arguments],
            env={**PERSONAL, "BASICO_HOME": str(home), "PORT": str(port), **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def said(self) -> str:
        """Everything printed so far."""
        return "\n".join(self.lines)

    def wait_for(self, pattern: str, seconds: float = START_SECONDS) -> str:
        """Return the first line from now on that matches; fail with everything said when none comes."""

        def heard() -> str | None:
            with suppress(queue.Empty):
                while (line := self._news.get_nowait()) is not None:
                    if re.search(pattern, line):
                        return line
                raise AssertionError(f"bin/dev ended before a line matched {pattern!r}:\n{self.said}")
            return None

        return str(wait_until(heard, lambda: f"a line matches {pattern!r}:\n{self.said}", seconds))

    def wait_ended(self, seconds: float = PATIENCE_SECONDS) -> int:
        """Return its exit status."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"bin/dev did not end within {seconds} s:\n{self.said}") from None

    def interrupt(self) -> int:
        """Press Ctrl-C and return the exit status."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.wait_ended()

    def end(self) -> None:
        """Leave nothing running, whatever the test did."""
        with suppress(ProcessLookupError):
            self.process.terminate()
        with suppress(AssertionError):
            self.wait_ended()
        for process in processes_of(self.home):
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            self._news.put(line)
        self._news.put(None)


@contextmanager
def dev_run(home: Path, *arguments: str, port: int | None = None, **variables: str) -> Iterator[DevRun]:
    """Run `bin/dev` for the length of a `with`."""
    run = DevRun(home, port or free_port(), arguments, **variables)
    try:
        yield run
    finally:
        run.end()


def processes_of(home: Path) -> list[psutil.Process]:
    """Every process that has `home` in its environment or its arguments, or runs in it."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            about = [*process.cmdline(), process.cwd()]
            if any(str(home) in text for text in about) or process.environ().get("BASICO_HOME") == str(home):
                found.append(process)
    return [process for process in found if process.pid != os.getpid()]


def manage(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(REPOSITORY / ".venv/bin/python"), "manage.py", *arguments],
        cwd=REPOSITORY,
        env={**PERSONAL, "BASICO_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
