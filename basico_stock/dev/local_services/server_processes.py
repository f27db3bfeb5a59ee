"""Start a server, wait until it answers, and stop it, even one whose starter was killed."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from basico_stock.dev.local_services.errors import LocalServiceError
from basico_stock.dev.local_services.server_account import Account

POLL_SECONDS = 0.02
START_SECONDS = 30
STOP_SECONDS = 20


def spawn(command: Sequence[str], log: Path, account: Account, paths: Sequence[Path]) -> subprocess.Popen[bytes]:
    """Start `command` as `account` in a session of its own, so that a terminal's Ctrl-C does not reach it."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=account.preexec(*paths),  # noqa: PLW1509 - threads are not started yet
            # Nothing else of the caller's: PGDATA, PGPORT or a Brazilian locale would make it another server.
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
        )


def wait_until(answers: Callable[[], bool], process: subprocess.Popen[bytes], what: str, log: Path) -> None:
    """Return when `answers()` is true. Raises LocalServiceError when the process ends or time runs out."""
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if process.poll() is not None:
            raise LocalServiceError(f"{what} did not start; its log {log} ends with: {_tail(log)}")
        if time.monotonic() > deadline:
            raise LocalServiceError(f"{what} did not answer within {START_SECONDS} seconds; see {log}.")
        time.sleep(POLL_SECONDS)


def find(pid_file: Path, *, name: str, started_for: Path) -> psutil.Process | None:
    """Return the live process that `pid_file` names, if it really is `name` working in `started_for`.

    After a crash the number may belong to any other program, which we must not touch.
    """
    with suppress(OSError, ValueError, IndexError, psutil.Error):
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        if name in process.name() and Path(process.cwd()).resolve() == started_for.resolve():
            return process
    return None


def alive(started: subprocess.Popen[bytes] | None) -> psutil.Process | None:
    """Return the process that this program itself started, None when it has ended."""
    if started is None or started.poll() is not None:
        return None
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(started.pid)
    return None


def find_all(*, name: str, working_in: Path) -> list[psutil.Process]:
    """Return every live process of `name` whose working directory is `working_in`."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if name in process.name() and Path(process.cwd()) == working_in.resolve():
                found.append(process)
    return found


def stop(process: psutil.Process, how: signal.Signals) -> None:
    """Ask the process to end with `how`; kill it and its children when it does not."""
    with suppress(psutil.NoSuchProcess):
        # Listed before the signal: children of a process that has ended are nobody's any more.
        family = [process, *process.children(recursive=True)]
        process.send_signal(how)
        _, alive = psutil.wait_procs([process], timeout=STOP_SECONDS)
        if alive:
            for member in family:
                with suppress(psutil.NoSuchProcess):
                    member.kill()
        psutil.wait_procs(family, timeout=STOP_SECONDS)


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return " / ".join(lines[-3:]) or "(nothing)"
