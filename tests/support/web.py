"""The web program exactly as the Procfile starts it, with its processes within reach."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from basico_stock.dev import procfile
from basico_stock.environment import REPOSITORY
from tests.canaries import canaries

from .free_port import free_port
from .patience import PATIENCE_SECONDS, wait_until

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
        wait_until(self._answers, "the web program answers")

    def _answers(self) -> bool:
        said = self.log.read_text()
        assert self.process.poll() is None, said[-2_000:]
        return said.count("Started worker-") >= PROCESSES

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
        return self.process.wait(PATIENCE_SECONDS)


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
            canaries.look_at(web.log.read_text(errors="replace"))
