"""A transaction of the engine: as few trips to PostgreSQL as the work allows.

psycopg's pipeline sends statements without waiting for each answer. BEGIN, the lock and every read after it go out
together, and so do all writes with COMMIT: two trips for any transaction, and the row stays locked only while Python
decides. Each statement still takes a snapshot of its own when it starts, which makes "read after the lock" true.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DatabaseError, InterfaceError, connection, transaction
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from reservations.engine.errors import Busy, EngineError, OutcomeUnknown, Unavailable

logger = logging.getLogger(__name__)

Row = tuple[Any, ...]
Parameters = Sequence[Any] | Mapping[str, Any]
Connection = psycopg.Connection[Any]


class Query:
    """A statement that travels with others, and its rows once somebody reads them."""

    __slots__ = ("_cursor", "_rows", "parameters", "sql")

    def __init__(self, sql: str, parameters: Parameters = ()) -> None:
        self.sql, self.parameters = sql, parameters
        self._cursor: psycopg.Cursor[Row] | None = None
        self._rows: list[Row] | None = None

    def sent(self, cursor: psycopg.Cursor[Row]) -> None:
        """Keep the cursor from which the rows will come."""
        self._cursor = cursor

    @property
    def rows(self) -> list[Row]:
        """The database's answer; the first read waits for it."""
        if self._rows is None:
            assert self._cursor is not None, "the query was not sent yet"
            self._rows = self._cursor.fetchall()
        return self._rows


class Statements:
    """The way to the database: it queues statements, and sends them when somebody needs an answer."""

    def __init__(self, raw: Connection) -> None:
        self._raw = raw

    def send(self, *queries: Query) -> None:
        """Queue these queries; read their rows later."""
        for query in queries:
            query.sent(self.queue(query.sql, query.parameters))

    def queue(self, sql: str, parameters: Parameters = ()) -> psycopg.Cursor[Row]:
        """Send a statement without waiting; fetch its rows from the cursor later."""
        # A cursor of psycopg's and not of Django's, which would wait for each answer.
        cursor: psycopg.Cursor[Row] = psycopg.Cursor(self._raw, row_factory=tuple_row)
        cursor.execute(sql, parameters)
        return cursor

    def fetch(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Send a statement and wait for its rows."""
        return self.queue(sql, parameters).fetchall()


class Transaction(Statements):
    """An open transaction: the engine's own, or the caller's ``atomic`` that it `joined`."""

    def __init__(self, raw: Connection, *, joined: bool) -> None:
        super().__init__(raw)
        self._joined = joined
        self._after_commit: list[Callable[[], None]] = []

    def after_commit(self, call: Callable[[], None]) -> None:
        """Run `call` after the COMMIT, be it the engine's or the caller's."""
        if self._joined:
            transaction.on_commit(call)
        else:
            self._after_commit.append(call)

    def committed(self) -> None:
        """Run the calls that waited for the COMMIT. A failing one undoes nothing: what is committed stays so."""
        for call in self._after_commit:
            try:
                call()
            except Exception:
                logger.exception("a call after COMMIT failed")


@contextmanager
def open_transaction() -> Iterator[Transaction]:
    """One transaction on this thread's connection; inside the caller's ``atomic`` it joins that one.

    Raises Busy when the lock or the deadline is missed, Unavailable when the database is away, OutcomeUnknown when the
    connection breaks after COMMIT was sent. After any error but OutcomeUnknown nothing was applied.
    """
    joined = connection.in_atomic_block
    raw = _raw_connection()
    opened = Transaction(raw, joined=joined)
    commit_sent = False
    try:
        with raw.pipeline():
            if not joined:
                # Named, so that no default of the server or of the role turns it into the level that oversells.
                opened.queue("BEGIN ISOLATION LEVEL READ COMMITTED")
            yield opened
            if not joined:
                commit_sent = True
                opened.queue("COMMIT")
    except BaseException as error:
        # Looked at before the rollback, which may close the connection itself.
        lost = raw.closed
        if not joined:
            _give_up(raw)
        if isinstance(error, psycopg.Error):
            translated = _translate(error, lost=lost, commit_sent=commit_sent)
            if translated is not None:
                raise translated from error
        raise
    opened.committed()


@contextmanager
def committed_reads() -> Iterator[Statements]:
    """Committed reads without a lock, each statement at its own moment. Raises Busy or Unavailable."""
    raw = _raw_connection()
    try:
        yield Statements(raw)
    except psycopg.Error as error:
        lost = raw.closed
        if not connection.in_atomic_block:
            _give_up(raw)
        translated = _translate(error, lost=lost, commit_sent=False)
        if translated is not None:
            raise translated from error
        raise


def _raw_connection() -> Connection:
    try:
        connection.ensure_connection()
    except (DatabaseError, InterfaceError, psycopg.Error) as error:
        raise Unavailable from error
    raw = connection.connection
    assert raw is not None
    return raw  # type: ignore[no-any-return]


def _give_up(raw: Connection) -> None:
    """Leave nothing open: roll back, or hand a dead connection back so that the pool replaces it."""
    try:
        if not raw.closed and raw.info.transaction_status != TransactionStatus.IDLE:
            raw.rollback()
    except psycopg.Error:
        raw.close()
    if raw.closed:
        connection.close()


def _translate(error: psycopg.Error, *, lost: bool, commit_sent: bool) -> EngineError | None:
    """The engine's word for a database error, or None for a defect, which must reach the log as it is."""
    if isinstance(error, psycopg.errors.LockNotAvailable | psycopg.errors.QueryCanceled):
        return Busy()
    # Our own order of locks makes no ring; another program on the same tables might, and a retry will do.
    if isinstance(error, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure):
        return Busy()
    # A COMMIT that the server refused is no riddle; one whose answer was lost with the connection is.
    if lost or isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return OutcomeUnknown() if commit_sent and lost else Unavailable()
    return None
