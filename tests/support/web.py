"""The web program exactly as the Procfile starts it, with its processes within reach."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from basico_stock.dev import procfile
from basico_stock.environment import REPOSITORY

from .free_port import free_port

START_SECONDS = 120.0
STOP_SECONDS = 40.0
PROCESSES = 2


class Web:
    """A running web server on a port of its own."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self.port = free_port()
        self.log = log
        command = f"exec {procfile.read()['web']}"
        variables = {**os.environ, **environment, "PORT": str(self.port), "HOST": "127.0.0.1"}
        variables["WEB_PROCESSES"] = str(PROCESSES)
        variables["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{variables['PATH']}"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", command],
                cwd=REPOSITORY,
                env=variables,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_it_answers(self) -> None:
        """Wait until every process of the server answers requests."""
        deadline = time.monotonic() + START_SECONDS
        while self.log.read_text().count("Started worker-") < PROCESSES:
            assert self.process.poll() is None, self.log.read_text()[-2_000:]
            assert time.monotonic() < deadline, "the web program does not answer"
            time.sleep(0.05)

    def workers(self) -> list[psutil.Process]:
        """The processes that answer requests."""
        return list(psutil.Process(self.process.pid).children())

    def kill(self) -> None:
        """Kill every process at once, as a crash of the machine would."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Ask it to stop, as a deployment does, and return its exit status."""
        self.process.terminate()
        return self.process.wait(STOP_SECONDS)


@contextmanager
def running_web(**environment: str) -> Iterator[Web]:
    """Run a web server with these variables set, and leave nothing of it behind."""
    with tempfile.TemporaryDirectory(prefix="bazico-web-") as folder:
        web = Web({"TMPDIR": folder, **environment}, Path(folder) / "web.log")
        try:
            web.wait_until_it_answers()
            yield web
        finally:
            web.kill()
