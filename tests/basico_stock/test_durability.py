"""The service refuses a PostgreSQL server that would forget answered reservations, or decide them wrongly."""

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest
from django.conf import settings
from django.core.checks import CheckMessage
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import override_settings
from psycopg import IsolationLevel

from basico_stock.checks.demo_sign_in import production_has_no_demo_sign_in
from basico_stock.checks.durability import server_keeps_what_it_answered
from basico_stock.checks.postgres import transactions_are_read_committed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nobody_else_changes_the_server() -> Iterator[None]:
    """Changes here hold for the whole server, which tests in other processes use too."""
    with (Path(tempfile.gettempdir()) / "bazico-tests-change-the-server").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def server_with(setting: str, value: str) -> Iterator[None]:
    """Change a setting of the test's server for the length of a `with`."""
    _alter(f"SET {setting} = '{value}'")
    try:
        yield
    finally:
        _alter(f"RESET {setting}")


def _alter(change: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SYSTEM {change}")
        cursor.execute("SELECT pg_reload_conf()")
    # An open connection learns of it before its next statement; a new one surely knows it.
    connection.close()
    cast("DatabaseWrapper", connection).close_pool()


def found() -> list[CheckMessage]:
    return server_keeps_what_it_answered(databases=["default"])


def test_the_test_server_itself_passes() -> None:
    assert found() == []


@pytest.mark.parametrize("setting", ["fsync", "synchronous_commit", "full_page_writes"])
def test_a_server_that_forgets_after_a_crash_is_refused(setting: str) -> None:
    with server_with(setting, "off"):
        assert [error.msg.split(":")[0] for error in found()] == [f"The server has {setting} = off"]
        assert all(error.is_serious() for error in found())


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_a_role_with_another_isolation_level_is_refused(level: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET default_transaction_isolation = '{level}'")
        try:
            assert [error.id for error in found()] == ["basico.E005"]
            assert level.upper() in found()[0].msg
        finally:
            cursor.execute("RESET default_transaction_isolation")


def test_settings_with_another_isolation_level_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"]["OPTIONS"], "isolation_level", IsolationLevel.SERIALIZABLE)
    assert [error.id for error in transactions_are_read_committed()] == ["basico.E002"]


def test_no_database_is_asked_when_none_is_named() -> None:
    assert server_keeps_what_it_answered(databases=None) == []


def test_the_demo_sign_in_is_refused_in_production_until_its_password_changes() -> None:
    from django.contrib.auth.models import User

    demo = User.objects.create_superuser("demo", password="demo")
    with override_settings(DEVELOPMENT=False):
        assert [error.id for error in production_has_no_demo_sign_in(databases=["default"])] == ["basico.E024"]
        demo.set_password("a long and private sentence")
        demo.save()
        assert production_has_no_demo_sign_in(databases=["default"]) == []
