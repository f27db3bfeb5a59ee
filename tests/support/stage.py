"""A PostgreSQL and a Redis that a test may crash, freeze and kill."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from django.db import connections

from basico_stock.dev.local_services import Services
from basico_stock.dev.local_services.postgres_server import DATABASE, Postgres
from basico_stock.dev.local_services.redis_server import Redis
from basico_stock.environment import REPOSITORY

from .database import reached_at
from .patience import PATIENCE_SECONDS


class Stage:
    """Both servers, and what a test can do to them."""

    def __init__(self, home: Path) -> None:
        self._services = Services(home)
        self._services.start()
        assert self._services.postgres
        assert self._services.redis
        self.postgres: Postgres = self._services.postgres
        self.redis: Redis = self._services.redis

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which a program finds them."""
        return {"DATABASE_URL": self.postgres.url, "REDIS_URL": self.redis.url}

    def migrate(self) -> None:
        """Create the tables."""
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=REPOSITORY, env={**os.environ, **self.environment}, check=True)

    def crash_postgres(self) -> None:
        """Stop it as ``pg_ctl stop -m immediate`` does: every process ends at once, and writes nothing out first."""
        self._signal(self.postgres, signal.SIGQUIT)
        assert self.postgres.process
        self.postgres.process.wait(PATIENCE_SECONDS)
        # The test's own connections died with it.
        connections.close_all()

    @contextmanager
    def frozen_postgres(self) -> Iterator[None]:
        """Freeze every process of PostgreSQL, with its connections open."""
        family = self._family(self.postgres)
        for member in family:
            member.suspend()
        try:
            yield
        finally:
            for member in family:
                member.resume()

    def kill_redis(self) -> None:
        """Kill Redis at once."""
        self._signal(self.redis, signal.SIGKILL)
        assert self.redis.process
        self.redis.process.wait(PATIENCE_SECONDS)

    def stop(self) -> None:
        """Stop both and leave nothing behind."""
        self._services.stop()

    def _signal(self, service: Postgres | Redis, number: signal.Signals) -> None:
        assert service.process
        service.process.send_signal(number)

    def _family(self, service: Postgres | Redis) -> list[psutil.Process]:
        assert service.process
        main = psutil.Process(service.process.pid)
        return [main, *main.children(recursive=True)]


@contextmanager
def stage_at(home: Path) -> Iterator[Stage]:
    """Start both servers, on whatever data `home` has."""
    stage = Stage(home)
    try:
        yield stage
    finally:
        stage.stop()


@contextmanager
def on_stage(stage: Stage) -> Iterator[None]:
    """Point this process's engine at the stage's database."""
    with reached_at(str(stage.postgres.sockets), DATABASE):
        yield
