"""The PostgreSQL and Redis that the tests run on: the ones named by the environment, else local ones."""

import fcntl
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import IO

from cryptography.fernet import Fernet

from basico_stock.dev.local_services import Services
from basico_stock.environment import REPOSITORY

# More than the runs that anybody starts at once on one machine.
SLOTS = 32


class TestServices:
    """The services of one test run, which has a home folder to itself; later runs reuse the folder."""

    __test__ = False

    def __init__(self) -> None:
        """Prepare; start nothing yet."""
        self._lock: IO[str] | None = None
        self._services: Services | None = None

    def start(self) -> None:
        """Start the services that the environment does not name, and put their addresses and the secrets into it."""
        if "BASICO_HOME" not in os.environ:
            os.environ["BASICO_HOME"] = str(self._free_home())
        missing = {"postgres": "DATABASE_URL" not in os.environ, "redis": "REDIS_URL" not in os.environ}
        self._services = Services(Path(os.environ["BASICO_HOME"]), **missing)
        self._services.start()
        if self._services.postgres:
            os.environ["DATABASE_URL"] = self._services.postgres.url
        if self._services.redis:
            os.environ["REDIS_URL"] = self._services.redis.url
        for name, value in _SETTINGS.items():
            os.environ.setdefault(name, value)

    def stop(self) -> None:
        """Stop what was started."""
        if self._services:
            self._services.stop()
        if self._lock:
            self._lock.close()

    def _free_home(self) -> Path:
        for slot in range(SLOTS):
            home = REPOSITORY / ".basico" / f"test-{slot}"
            home.mkdir(parents=True, exist_ok=True)
            lock = (home / "lock").open("w")
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._lock = lock
                return home
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
