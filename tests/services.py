"""The PostgreSQL and Redis that the tests run on: the ones named by the environment, else local ones."""

import fcntl
import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import IO

from cryptography.fernet import Fernet

from basico_stock.dev.local_services import Services
from basico_stock.dev.local_services.postgres_server import Postgres
from tests import scratch_folder
from tests.support import migrated_data

# More processes than anybody starts at once on one machine.
SLOTS = 32


class TestServices:
    """The services of one test run. Each run has a home folder to itself, and removes it."""

    __test__ = False

    def __init__(self) -> None:
        """Prepare; nothing is started yet."""
        self._lock: IO[str] | None = None
        self._home: Path | None = None
        self._named: list[str] = []
        self._services: Services | None = None
        self._has_tables = False

    def start(self) -> None:
        """Start what the environment does not name, and put the addresses and secrets into the environment."""
        if "BASICO_HOME" not in os.environ:
            self._home = self._free_home()
            self._name("BASICO_HOME", str(self._home))
        # Of pytest's own `tmp_path`: services that tests start keep their data there.
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(scratch_folder.directory()))
        missing = {"postgres": "DATABASE_URL" not in os.environ, "redis": "REDIS_URL" not in os.environ}
        self._services = Services(Path(os.environ["BASICO_HOME"]), **missing)
        if self._home and self._services.postgres and (data := migrated_data.made()):
            self._begin_with(data, self._services.postgres, self._home)
        self._services.start()
        for name, url in self._services.urls().items():
            self._name(name, url)
        for name, value in _SETTINGS.items():
            os.environ.setdefault(name, value)

    def has_tables(self) -> bool:
        """Let the database of our own server have its tables; False where the environment names another server."""
        if self._home and self._services and (postgres := self._services.postgres) and not self._has_tables:
            self._begin_with(migrated_data.make(), postgres, self._home)
            postgres.start()
        return self._has_tables

    def _begin_with(self, data: Path, postgres: Postgres, home: Path) -> None:
        # Also what a killed run left in this home.
        postgres.stop()
        postgres.erase()
        migrated_data.home_with(data, home)
        self._has_tables = True

    def _name(self, name: str, value: str) -> None:
        os.environ[name] = value
        self._named.append(name)

    def withdraw(self) -> None:
        """Make way for processes that start services of their own, and leave them a data folder that has its tables."""
        assert self._services
        if self._home and self._services.postgres:
            migrated_data.make()
        self._services.stop()
        # Their addresses are not for those processes.
        for name in self._named:
            del os.environ[name]
        self._named.clear()

    def stop(self) -> None:
        """Stop what was started, and remove its data."""
        if self._services:
            self._services.stop()
        if self._home:
            shutil.rmtree(self._home, ignore_errors=True)
        if self._lock:
            self._lock.close()
        # The folder may be another process's from here on.
        self._services = self._home = self._lock = None

    def _free_home(self) -> Path:
        root = scratch_folder.directory()
        for slot in range(SLOTS):
            lock = (root / f"test-{slot}.lock").open("w")
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._lock = lock
                return root / f"test-{slot}"
            lock.close()
        raise RuntimeError(f"{SLOTS} test runs are active at once; wait for one to end.")


_SETTINGS = {
    "DEBUG": "1",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "SHOPIFY_API_KEY": "test-shopify-key",
    "SHOPIFY_API_SECRET": "test-shopify-secret-0123456789",
    "BLING_CLIENT_ID": "test-bling-id",
    "BLING_CLIENT_SECRET": "test-bling-secret",
    "SANDBOX": "1",
}
