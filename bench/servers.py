"""The measured servers. All but the seed's run the Procfile's own web command, with the same workers and threads."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from basico_stock.dev import leftovers, procfile
from basico_stock.environment import REPOSITORY

START_SECONDS = 120
STOP_SECONDS = 60
APPLICATION = "basico_stock.wsgi:application"


@dataclass(frozen=True)
class Kind:
    """One thing to measure: its short name, what it is, and how it is started."""

    name: str
    title: str
    command: Callable[[], str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    kind: Kind
    port: int
    process: subprocess.Popen[bytes]


def _web(application: str) -> Callable[[], str]:
    return lambda: procfile.read()["web"].replace(APPLICATION, application)


def _uvicorn() -> str:
    return "uvicorn bench.baselines.seed:app --host $HOST --port $PORT --backlog 2048 --no-access-log --log-level error"


_BASELINE = {"DJANGO_SETTINGS_MODULE": "bench.baselines.settings"}
SERVICE = Kind("service", "this service", _web(APPLICATION))
SINGLE = Kind("single", "this service, GROUP_COMMIT=0", _web(APPLICATION), {"GROUP_COMMIT": "0"})
TEXTBOOK = Kind("a", "(a) textbook DRF, select_for_update", _web("bench.baselines.wsgi:application"), _BASELINE)
SEED = Kind("b", "(b) FastAPI, dict in memory", _uvicorn)
EMPTY = Kind("c", "(c) empty DRF view", _web("bench.baselines.wsgi:application"), _BASELINE)
KINDS = {kind.name: kind for kind in (SERVICE, SINGLE, TEXTBOOK, SEED, EMPTY)}


@contextmanager
def started(kinds: list[Kind], home: Path) -> Iterator[dict[str, Server]]:
    """Start these servers, wait until each answers, and stop them at the end."""
    running: list[Server] = []
    try:
        running.extend(_start(kind, home) for kind in kinds)
        for server in running:
            _wait_until_it_answers(server)
        yield {server.kind.name: server for server in running}
    finally:
        _stop(running)


def get(port: int, path: str) -> tuple[int, str]:
    """The status and the text that `path` answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def _start(kind: Kind, home: Path) -> Server:
    port = _free_port()
    environment = {
        **os.environ,
        **kind.environment,
        **leftovers.marked(home),
        "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "GRANIAN_LOG_LEVEL": "error",
        "PYTHONPATH": str(REPOSITORY),
    }
    environment.pop("DATABASE_STATEMENT_TIMEOUT_MS", None)
    with (home / f"{kind.name}.log").open("wb") as log:
        process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {kind.command()}"],
            cwd=REPOSITORY,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Server(kind, port, process)


def _wait_until_it_answers(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise RuntimeError(f"{server.kind.title} ended by itself; see its log.")
        with suppress(OSError, http.client.HTTPException):
            get(server.port, "/healthz")
            return
        time.sleep(0.05)
    raise RuntimeError(f"{server.kind.title} did not answer within {START_SECONDS} seconds.")


def _stop(running: list[Server]) -> None:
    for server in running:
        server.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for server in running:
        with suppress(subprocess.TimeoutExpired):
            server.process.wait(max(0.1, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
