"""Inside a transaction nobody waits for anything but the database."""

import pytest
from django.db import connection, transaction

from plumbing.away_from_database import leave_the_database, pause

pytestmark = pytest.mark.django_db(transaction=True)


def test_waiting_inside_a_transaction_is_refused() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        leave_the_database()
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        pause(0)


def test_a_pooled_connection_goes_back_before_a_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.ensure_connection()
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "pool", {"max_size": 1})
    leave_the_database()
    assert connection.connection is None


def test_a_connection_without_a_pool_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.ensure_connection()
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "pool", None)
    leave_the_database()
    assert connection.connection is not None
