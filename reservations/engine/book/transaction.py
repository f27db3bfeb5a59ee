"""A transaction of the engine: as few trips to PostgreSQL as the work allows.

psycopg's pipeline sends statements without waiting for each answer. BEGIN, the lock and everything that is read after
it go out together, and so do all writes with COMMIT: two trips for any transaction, and the row stays locked for the
one moment in which Python decides. Each statement still has a snapshot of its own, taken when it starts, which is
what makes "read after the lock" true.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DatabaseError, InterfaceError, connection
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from reservations.engine.errors import Busy, EngineError, OutcomeUnknown, Unavailable

logger = logging.getLogger(__name__)

Row = tuple[Any, ...]
Parameters = Sequence[Any] | Mapping[str, Any]
Connection = psycopg.Connection[Any]


class Session:
    """The open transaction's only handle: statements are queued, and sent when an answer is needed."""

    def __init__(self, raw: Connection) -> None:
        self._raw = raw
        self.after_commit: list[Callable[[], None]] = []

    def queue(self, sql: str, parameters: Parameters = ()) -> psycopg.Cursor[Row]:
        """Send a statement without waiting; its rows can be fetched from the cursor later."""
        cursor: psycopg.Cursor[Row] = psycopg.Cursor(self._raw, row_factory=tuple_row)
        cursor.execute(sql, parameters)
        return cursor

    def fetch(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Send a statement and wait for its rows."""
        return self.queue(sql, parameters).fetchall()


@contextmanager
def transaction_session() -> Iterator[Session]:
    """One transaction on this thread's connection; inside the caller's ``atomic`` it joins that one.

    Raises Busy when a lock or the time was not had, Unavailable when the database is away, OutcomeUnknown when the
    connection was lost after COMMIT was sent. Whatever it raises, nothing of it was applied, but for OutcomeUnknown.
    """
    joined = connection.in_atomic_block
    raw = _raw_connection()
    session = Session(raw)
    commit_sent = False
    try:
        with raw.pipeline():
            if not joined:
                session.queue("BEGIN ISOLATION LEVEL READ COMMITTED")
            yield session
            if not joined:
                commit_sent = True
                session.queue("COMMIT")
    except BaseException as error:
        lost = raw.closed
        if not joined:
            _give_up(raw)
        if isinstance(error, psycopg.Error):
            translated = _translate(error, lost=lost, commit_sent=commit_sent)
            if translated is not None:
                raise translated from error
        raise
    for call in session.after_commit:
        _nudge(call)


@contextmanager
def reading_session() -> Iterator[Session]:
    """Committed reads, each statement at its own moment and without a lock. Raises Busy or Unavailable."""
    raw = _raw_connection()
    try:
        yield Session(raw)
    except psycopg.Error as error:
        lost = raw.closed
        if not connection.in_atomic_block:
            _give_up(raw)
        translated = _translate(error, lost=lost, commit_sent=False)
        if translated is not None:
            raise translated from error
        raise


def _nudge(call: Callable[[], None]) -> None:
    """What is committed stays committed, whatever becomes of the nudge."""
    try:
        call()
    except Exception:
        logger.exception("a call after COMMIT failed")


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
    """The engine's word for a database error, or None for a defect that must be seen as it is."""
    if isinstance(error, psycopg.errors.LockNotAvailable | psycopg.errors.QueryCanceled):
        return Busy()
    if isinstance(error, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure):
        return Busy()
    if lost or isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return OutcomeUnknown() if commit_sent and lost else Unavailable()
    return None
