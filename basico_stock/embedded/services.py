"""The embedded services of one home folder, started and stopped together."""

from pathlib import Path

from basico_stock.embedded import sockets
from basico_stock.embedded.account import server_account
from basico_stock.embedded.postgres import Postgres
from basico_stock.embedded.redis import Redis


class Services:
    """PostgreSQL and Redis with their data in `home`; each is optional."""

    def __init__(self, home: Path, *, postgres: bool = True, redis: bool = True) -> None:
        """Prepare; nothing is started yet."""
        self.home = home
        self.account = server_account()
        self.postgres = Postgres(home, self.account) if postgres else None
        self.redis = Redis(home, self.account) if redis else None

    def start(self) -> None:
        """Start what was asked for, stopping first what a killed predecessor left. Raises EmbeddedServiceError."""
        self.home.mkdir(parents=True, exist_ok=True)
        sockets.make(sockets.directory(self.home), self.account)
        for service in (self.postgres, self.redis):
            if service:
                service.start()

    def stop(self) -> None:
        """Stop both and remove the sockets' folder."""
        for service in (self.redis, self.postgres):
            if service:
                service.stop()
        folder = sockets.directory(self.home)
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
