"""Runs processes of the Procfile by its own commands."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from basico_stock.dev import procfile
from basico_stock.environment import REPOSITORY
from tests.support.patience import PATIENCE_SECONDS
from tests.support.terminal import variables_of_this_test


@contextmanager
def running(log: Path, *names: str, **variables: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run these processes, with their output in `log`, until the `with` ends."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = variables_of_this_test(PATH=path, WORKER_PROCESSES="1", GUARD_PROCESSES="1", **variables)
    commands = procfile.read()
    with log.open("wb") as lines:
        started = [
            subprocess.Popen(
                ["/bin/sh", "-c", f"exec {commands[name]}"],
                cwd=REPOSITORY,
                env=environment,
                stdout=lines,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            for name in names
        ]
        try:
            yield started
        finally:
            stop(started)


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask them to stop, and kill those that do not."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE_SECONDS)
