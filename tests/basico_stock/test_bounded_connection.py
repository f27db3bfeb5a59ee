"""The pool checks a connection only when PostgreSQL has not answered on it a moment ago."""

from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from psycopg_pool import ConnectionPool

from basico_stock import bounded_connection
from basico_stock.bounded_connection import BoundedConnection


@pytest.fixture
def lent() -> Iterator[BoundedConnection]:
    """A connection like those that the pool makes."""
    with BoundedConnection.connect(_address(), autocommit=True) as connection:
        yield connection


def _address() -> str:
    database = settings.DATABASES["default"]
    parts = {"host": database["HOST"], "port": database["PORT"], "user": database["USER"]}
    return psycopg.conninfo.make_conninfo(
        **{name: value for name, value in parts.items() if value}, dbname="postgres", password=database["PASSWORD"]
    )


def _last_answer(connection: BoundedConnection) -> float:
    """When PostgreSQL last answered, by this machine's clock."""
    return connection._answered_at


def test_a_connection_that_answered_a_moment_ago_is_not_asked(lent: BoundedConnection) -> None:
    lent.execute("SELECT 1")
    before = _last_answer(lent)
    ConnectionPool.check_connection(lent)
    assert _last_answer(lent) == before


def test_a_connection_that_has_been_silent_for_a_while_is_asked(
    lent: BoundedConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    lent.execute("SELECT 1")
    before = _last_answer(lent)
    monkeypatch.setattr(bounded_connection, "TRUSTED_SECONDS", -1)
    ConnectionPool.check_connection(lent)
    assert _last_answer(lent) > before


def test_a_connection_that_postgresql_ended_meanwhile_is_found_dead_at_once(lent: BoundedConnection) -> None:
    lent.execute("SELECT 1")
    with psycopg.connect(_address(), autocommit=True) as other:
        ended = other.execute("SELECT pg_terminate_backend(%s, 5000)", [lent.info.backend_pid]).fetchone()
    assert ended == (True,)
    with pytest.raises(psycopg.OperationalError):
        ConnectionPool.check_connection(lent)
