"""A real nginx with `deploy/nginx.conf`, on ports and in folders of its own."""

import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from basico_stock.environment import REPOSITORY
from tests.front.certificate import write_certificate
from tests.support.free_port import free_port
from tests.support.patience import PATIENCE_SECONDS, wait_until
from tests.support.requirement import absent

FILE = REPOSITORY / "deploy" / "nginx.conf"
# Nobody vouches for a certificate that this machine made.
_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_TLS.check_hostname, _TLS.verify_mode = False, ssl.CERT_NONE
# What nginx needs a folder for, whether a request uses it or not.
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass(frozen=True)
class Answer:
    """What came back: 0 for a connection that was closed without a word."""

    status: int
    head: str
    body: bytes


@dataclass
class Front:
    """A running nginx."""

    folder: Path
    plain_port: int
    port: int
    process: subprocess.Popen[bytes]

    def connect(self) -> ssl.SSLSocket:
        """A TLS connection to it."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS)
        return _TLS.wrap_socket(plain, server_hostname="localhost")

    def ask(self, head: str, body: bytes = b"") -> Answer:
        """Send these bytes over TLS; `head` has neither Host nor a blank line at its end."""
        with closing(self.connect()) as connection:
            connection.sendall(request(head, len(body)) + body)
            return heard(connection)

    def ask_in_plain(self, head: str) -> Answer:
        """The same without TLS."""
        with closing(socket.create_connection(("127.0.0.1", self.plain_port), timeout=PATIENCE_SECONDS)) as connection:
            connection.sendall(request(head, 0))
            return heard(connection)

    def written(self) -> str:
        """All that it has written of requests and of itself."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def lines(self) -> list[str]:
        """A line for each request that is over."""
        return (self.folder / "access.log").read_text().splitlines()


def request(head: str, length: int) -> bytes:
    """The head of a request as it goes over the wire."""
    lines = [*head.split("\n"), "Connection: close", *([f"Content-Length: {length}"] if length else [])]
    if not any(line.lower().startswith("host:") for line in lines):
        lines.insert(1, "Host: localhost")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def heard(connection: socket.socket) -> Answer:
    """Everything until the other side closes."""
    try:
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    except (ConnectionError, ssl.SSLError):
        answer = b""
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head.split()[1]) if head.startswith(b"HTTP/") else 0
    return Answer(status, head.decode("latin-1"), body)


@contextmanager
def front(folder: Path, web_port: int, changes: Mapping[str, str] | None = None) -> Iterator[Front]:
    """Run nginx before the program at `web_port`; each of `changes` replaces a text that the file has once."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        absent("nginx is not installed", "REQUIRE_NGINX")
    (folder / "certs").mkdir()
    (folder / "front").mkdir(exist_ok=True)
    write_certificate(folder / "certs")
    plain_port, port = free_port(), free_port()
    text = configuration(folder, web_port, plain_port, port, changes or {})
    (folder / "nginx.conf").write_text(text)
    own = f"daemon off; pid {folder}/nginx.pid;" + (" user root;" if os.geteuid() == 0 else "")
    command = [found, "-p", str(folder), "-c", "nginx.conf", "-e", str(folder / "start.log"), "-g", own]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    running = Front(folder, plain_port, port, process)
    try:
        wait_until(lambda: _listens(running), lambda: f"nginx listens:\n{running.written()}")
        yield running
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _listens(running: Front) -> bool:
    assert running.process.poll() is None, running.written()
    try:
        socket.create_connection(("127.0.0.1", running.port), timeout=PATIENCE_SECONDS).close()
    except ConnectionError:
        return False
    return True


def configuration(folder: Path, web_port: int, plain_port: int, port: int, changes: Mapping[str, str]) -> str:
    """The file with this machine's ports and folders, and nothing else changed but `changes`."""
    text = FILE.read_text()
    temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in _TEMPORARY)
    here = {
        "listen 80 default_server;": f"listen 127.0.0.1:{plain_port} default_server;",
        "listen 443 ssl http2 default_server;": f"listen 127.0.0.1:{port} ssl http2 default_server;",
        "http://web:8000": f"http://127.0.0.1:{web_port}",
        "worker_processes auto;": "worker_processes 1;",
        "server_tokens off;": f"server_tokens off; {temporary}",
        **changes,
    }
    for known, ours in here.items():
        assert text.count(known) == 1, known
        text = text.replace(known, ours)
    for known in ("/etc/nginx/certs/", "/etc/nginx/front/", "/var/log/nginx/"):
        assert known in text
        text = text.replace(known, f"{folder}/{known.split('/')[3]}/" if "etc" in known else f"{folder}/")
    return text
