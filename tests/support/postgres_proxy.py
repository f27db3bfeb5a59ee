"""A proxy before PostgreSQL that can fail in the one moment that matters: at COMMIT."""

import shutil
import socket
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from .proxied_session import AtCommit, ProxiedSession

SOCKET_NAME = ".s.PGSQL.5432"


def _nothing() -> None:
    pass


class PostgresProxy:
    """Listens on a unix socket in a folder of its own and passes all on to the PostgreSQL in `upstream`."""

    def __init__(self, upstream: str) -> None:
        self.directory = tempfile.mkdtemp(prefix="pg-proxy-", dir="/tmp")
        self._upstream = str(Path(upstream) / SOCKET_NAME)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(Path(self.directory) / SOCKET_NAME))
        self._listener.listen(128)
        self._sessions: list[ProxiedSession] = []
        self._plans: list[tuple[AtCommit, Callable[[], None]]] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Closing alone does not wake the thread that waits for the next client.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for session in self._sessions:
            session.hang_up()
        shutil.rmtree(self.directory, ignore_errors=True)

    def at_next_commit(self, plan: AtCommit, committed: Callable[[], None] = _nothing) -> None:
        """Do this to the next COMMIT, once; calls `committed` when the server has confirmed it."""
        with self._lock:
            self._plans.append((plan, committed))

    @property
    def has_struck(self) -> bool:
        """Whether everything planned has happened."""
        with self._lock:
            return not self._plans

    def _next_plan(self) -> tuple[AtCommit, Callable[[], None]] | None:
        with self._lock:
            return self._plans.pop(0) if self._plans else None

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                session = ProxiedSession(client, server, self._next_plan)
                self._sessions.append(session)
                try:
                    server.connect(self._upstream)
                except OSError:
                    session.hang_up()
                else:
                    threading.Thread(target=session.carry, daemon=True).start()
