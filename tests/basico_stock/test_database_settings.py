"""How DATABASE_URL and its companions become a connection."""

import pytest
from django.db import connection

from basico_stock import database
from basico_stock.celery_settings import broker_url
from basico_stock.environment import Environment


@pytest.fixture
def set_variables(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("DATABASE_POOL_SIZE", "DATABASE_VIA_PGBOUNCER", "DATABASE_PREPARE_THRESHOLD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", "postgresql://bazico:s%40fe@db.internal:6432/stock?sslmode=verify-full")
    return monkeypatch


def test_an_address_becomes_user_password_host_and_options(set_variables: pytest.MonkeyPatch) -> None:
    made = database.configuration(Environment())
    assert (made["USER"], made["PASSWORD"], made["HOST"], made["PORT"]) == ("bazico", "s@fe", "db.internal", 6432)
    assert made["NAME"] == "stock"
    assert made["OPTIONS"]["sslmode"] == "verify-full"


def test_a_socket_folder_in_the_query_becomes_the_host(set_variables: pytest.MonkeyPatch) -> None:
    set_variables.setenv("DATABASE_URL", "postgresql://postgres@/bazico?host=/tmp/Some Where")
    assert database.configuration(Environment())["HOST"] == "/tmp/Some Where"


def test_every_wait_has_a_limit(set_variables: pytest.MonkeyPatch) -> None:
    options = database.configuration(Environment())["OPTIONS"]
    for limit in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        assert f"-c {limit}=" in options["options"]
    assert options["connect_timeout"]
    assert options["tcp_user_timeout"]
    assert options["pool"]["timeout"]


def test_the_pool_is_bounded_and_can_be_left_out(set_variables: pytest.MonkeyPatch) -> None:
    assert database.configuration(Environment())["OPTIONS"]["pool"]["max_size"] == 8
    set_variables.setenv("DATABASE_POOL_SIZE", "0")
    without = database.configuration(Environment())
    assert "pool" not in without["OPTIONS"]
    assert without["CONN_MAX_AGE"] is None
    assert without["CONN_HEALTH_CHECKS"]


def test_behind_pgbouncer_no_session_state_is_asked_for(set_variables: pytest.MonkeyPatch) -> None:
    set_variables.setenv("DATABASE_VIA_PGBOUNCER", "1")
    made = database.configuration(Environment())
    assert "options" not in made["OPTIONS"]
    assert made["OPTIONS"]["prepare_threshold"] is None
    assert made["DISABLE_SERVER_SIDE_CURSORS"]


@pytest.mark.django_db
def test_the_server_keeps_to_the_limits_that_were_asked_for() -> None:
    expected = {
        "lock_timeout": f"{database.LOCK_TIMEOUT_MS // 1_000}s",
        "statement_timeout": f"{database.STATEMENT_TIMEOUT_MS // 1_000}s",
        "idle_in_transaction_session_timeout": f"{database.IDLE_IN_TRANSACTION_TIMEOUT_MS // 1_000}s",
        "default_transaction_isolation": "read committed",
        "transaction_isolation": "read committed",
    }
    with connection.cursor() as cursor:
        for name, value in expected.items():
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == (value,)


@pytest.mark.parametrize(
    ("redis_url", "broker"),
    [
        ("unix:///tmp/a b/redis.sock", "redis+socket:///tmp/a b/redis.sock?virtual_host=0"),
        ("unix:///tmp/redis.sock?db=3", "redis+socket:///tmp/redis.sock?virtual_host=3"),
        ("rediss://:secret@redis.internal:6380/1", "rediss://:secret@redis.internal:6380/1"),
        ("amqp://rabbit.internal//", "amqp://rabbit.internal//"),
    ],
)
def test_the_broker_address_is_spelled_as_celery_reads_it(redis_url: str, broker: str) -> None:
    assert broker_url(redis_url) == broker
