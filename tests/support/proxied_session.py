"""One client's session with PostgreSQL, through the proxy."""

import selectors
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto

from .postgres_wire import CommitSpotter, Messages, fatal_error, says_committed

_CHUNK = 65_536
_GOODBYE_SECONDS = 0.2


class AtCommit(Enum):
    """What the proxy does to a COMMIT."""

    NEVER_ARRIVES = auto()  # the connection is lost before the server reads it: not applied
    ANSWER_IS_LOST = auto()  # applied, but the connection is lost before the client hears of it
    SERVER_SAYS_GOODBYE = auto()  # applied, but the server is shut down before it says so, and says only that
    ANSWER_NEVER_COMES = auto()  # applied, and then silence on an open connection


Plan = tuple[AtCommit, Callable[[], None]]


class _Over(Exception):
    """The session is over: the proxy carries nothing more."""


class ProxiedSession:
    """Carries messages between a pair of connections until a side hangs up, or the plan says so."""

    def __init__(self, client: socket.socket, server: socket.socket, next_plan: Callable[[], Plan | None]) -> None:
        self._client, self._server, self._next_plan = client, server, next_plan
        self._asked, self._answered = Messages(begins_untyped=True), Messages(begins_untyped=False)
        self._spotter = CommitSpotter()
        self._plan: Plan | None = None

    def carry(self) -> None:
        """Carry messages until the session is over."""
        with selectors.DefaultSelector() as ready, suppress(_Over, OSError):
            ready.register(self._client, selectors.EVENT_READ, self._from_client)
            ready.register(self._server, selectors.EVENT_READ, self._from_server)
            while True:
                for key, _ in ready.select():
                    key.data()
        if self._plan is None or self._plan[0] is not AtCommit.ANSWER_NEVER_COMES:
            self.hang_up()

    def hang_up(self) -> None:
        """Close both connections."""
        for side in (self._client, self._server):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)
            side.close()

    def _from_client(self) -> None:
        for kind, message in self._asked.feed(self._read(self._client)):
            if self._spotter.asks_for_commit(kind, message):
                self._plan = self._next_plan()
                if self._plan and self._plan[0] is AtCommit.NEVER_ARRIVES:
                    raise _Over
            self._server.sendall(message)

    def _from_server(self) -> None:
        for kind, message in self._answered.feed(self._read(self._server)):
            if self._plan and says_committed(kind, message):
                at_commit, committed = self._plan
                committed()
                if at_commit is AtCommit.SERVER_SAYS_GOODBYE:
                    self._client.sendall(fatal_error("57P01", "terminating connection due to administrator command"))
                    # The end of the connection may reach the client well after the error message.
                    time.sleep(_GOODBYE_SECONDS)
                raise _Over
            self._client.sendall(message)

    def _read(self, side: socket.socket) -> bytes:
        data = side.recv(_CHUNK)
        if not data:
            raise _Over
        return data
