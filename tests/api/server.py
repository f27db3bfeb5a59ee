"""The web program as it is deployed: granian, its processes and threads, on the test's own database."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import requests
from django.conf import settings

from tests.support.patience import PATIENCE_SECONDS, wait_until

REPOSITORY = Path(__file__).resolve().parent.parent.parent


@dataclass
class WebServer:
    """A running server, and what a test can do to it from outside."""

    port: int
    process: subprocess.Popen[bytes]
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.session.get(self.url + path, headers=headers, timeout=PATIENCE_SECONDS)

    def post(self, path: str, body: object, **headers: str) -> requests.Response:
        return self.session.post(self.url + path, json=body, headers=headers, timeout=PATIENCE_SECONDS)

    def raw(self, head: str, *chunks: bytes) -> tuple[int, bytes]:
        """Send these bytes and return the answer's status and body. `head` has no blank line at its end."""
        with closing(socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS)) as connection:
            connection.sendall(head.replace("\n", "\r\n").encode("latin-1") + b"\r\nConnection: close\r\n\r\n")
            for chunk in chunks:
                connection.sendall(chunk)
            answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        status_line, _, rest = answer.partition(b"\r\n")
        return int(status_line.split()[1]), rest.partition(b"\r\n\r\n")[2]

    def kill(self) -> None:
        """Kill all of its processes at once, as a crash would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def web_server(**environment: str) -> Iterator[WebServer]:
    """Run the web program with these variables set, and leave nothing of it behind."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "basico_stock.web", "--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "8"),
        *("--workers", environment.get("WEB_PROCESSES", "2")),
        "basico_stock.wsgi:application",
    ]
    known = {**os.environ, "DATABASE_URL": _test_database_url(), "DEBUG": "1", **environment}
    process = subprocess.Popen(command, cwd=REPOSITORY, env=known, start_new_session=True)
    server = WebServer(port, process)
    try:
        wait_until(partial(_answers, server), "the web program answers")
        yield server
    finally:
        if process.poll() is None:
            server.kill()
        server.session.close()
        for counted in Path(tempfile.gettempdir()).glob(f"bazico-metrics-*-{process.pid}"):
            shutil.rmtree(counted)


def _test_database_url() -> str:
    """This run's address, with the name of the test's database in it."""
    address, mark, options = os.environ["DATABASE_URL"].partition("?")
    return f"{address.rpartition('/')[0]}/{settings.DATABASES['default']['NAME']}{mark}{options}"


def _answers(server: WebServer) -> bool:
    assert server.process.poll() is None, "the web program ended while starting"
    try:
        return server.get("/healthz").status_code == 200
    except requests.ConnectionError:
        return False
