"""The local services of one home folder, started and stopped together."""

from pathlib import Path

from basico_stock.dev.local_services import socket_folder
from basico_stock.dev.local_services.errors import LocalServiceError
from basico_stock.dev.local_services.postgres_server import Postgres
from basico_stock.dev.local_services.redis_server import Redis
from basico_stock.dev.local_services.server_account import server_account


class Services:
    """PostgreSQL and Redis with their data in `home`; each is optional."""

    def __init__(self, home: Path, *, postgres: bool = True, redis: bool = True) -> None:
        """Prepare, and start nothing yet."""
        self.home = home
        self.account = server_account()
        self.postgres = Postgres(home, self.account) if postgres else None
        self.redis = Redis(home, self.account) if redis else None

    def start(self) -> None:
        """Start the services, stopping first what a killed predecessor left. Raises LocalServiceError."""
        self.home.mkdir(parents=True, exist_ok=True)
        socket_folder.make(socket_folder.directory(self.home), self.account)
        for service in (self.postgres, self.redis):
            if service:
                service.start()

    def names(self) -> list[str]:
        """Return the names of the services that this object runs."""
        named = {"PostgreSQL": self.postgres, "Redis": self.redis}
        return [name for name, service in named.items() if service]

    def urls(self) -> dict[str, str]:
        """Return DATABASE_URL and REDIS_URL of the services that this object runs."""
        named = {"DATABASE_URL": self.postgres, "REDIS_URL": self.redis}
        return {name: service.url for name, service in named.items() if service}

    def erase(self) -> None:
        """Stop everything and remove all data."""
        self.stop()
        if self.postgres:
            self.postgres.erase()

    def revive(self) -> list[str]:
        """Restart what ended by itself; return the names. Raises LocalServiceError."""
        if self.postgres and not self.postgres.has_data():
            gone = self.postgres.data
            raise LocalServiceError(f"The data in {gone} is gone: start again, with an empty database.")
        dead = [service for service in (self.postgres, self.redis) if service and not service.runs()]
        for service in dead:
            service.start()
        return [type(service).__name__ for service in dead]

    def stop(self) -> None:
        """Stop both and remove the sockets' folder."""
        for service in (self.redis, self.postgres):
            if service:
                service.stop()
        folder = socket_folder.directory(self.home)
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
