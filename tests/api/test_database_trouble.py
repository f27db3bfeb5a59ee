"""A database or broker that is away, slow, or lost in the middle: 503 with `Retry-After`, and never a guess."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import psycopg
import pytest
import requests
from django.db import connection, transaction
from django.db.backends.postgresql.base import DatabaseWrapper

from reservations.models import IdempotencyRecord, StockItem
from tests.api.client import Merchant, body_of, outcome
from tests.api.server import WebServer, web_server
from tests.factories import numbers, stock_of
from tests.support import stopwatch
from tests.support.migrated_data import home_with
from tests.support.patience import wait_until
from tests.support.rendezvous import at_once
from tests.support.stage import on_stage, stage_at

pytestmark = pytest.mark.django_db(transaction=True)

RECOVERY_SECONDS = 10.0
DIES_AT_COMMIT = """
CREATE FUNCTION dies_at_commit() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER dies_at_commit AFTER INSERT ON reservations_idempotencyrecord
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dies_at_commit();
"""


@contextmanager
def _database_away() -> Iterator[None]:
    """Cut everybody else off the database, and let nobody connect."""
    name = connection.settings_dict["NAME"]
    connection.ensure_connection()
    own = connection.connection.info.backend_pid
    with psycopg.connect(**connection.get_connection_params() | {"dbname": "postgres"}, autocommit=True) as outside:
        outside.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        outside.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s", [name, own]
        )
        try:
            yield
        finally:
            outside.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
            # This process's pool retries ever more seldom to replace a lost connection; a new pool tries at once.
            connection.close()
            cast("DatabaseWrapper", connection).close_pool()


def _reserve(server: WebServer, merchant: Merchant) -> requests.Response:
    return server.post("/stock/SKU-1/reserve", {}, **merchant.headers())


@pytest.fixture
def server(tmp_path: Path, migrated_data: Path) -> Iterator[WebServer]:
    """A server with a database server of its own, as other tests' servers need theirs."""
    with (
        stage_at(home_with(migrated_data, tmp_path / "home")) as stage,
        on_stage(stage),
        web_server(**stage.environment) as running,
    ):
        yield running


def test_a_database_that_is_away_is_a_503_until_it_is_back(server: WebServer) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    assert _reserve(server, merchant).status_code == 200
    with _database_away():
        for answer in (_reserve(server, merchant), server.get("/stock/SKU-1", **merchant.headers())):
            assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
            assert int(answer.headers["Retry-After"]) >= 1
        assert server.get("/healthz").status_code == 200
        wait_until(lambda: server.get("/readyz").json()["checks"]["database"]["status"] == "unreachable")
        ready = server.get("/readyz")
        assert (ready.status_code, ready.json()["code"]) == (503, "not_ready")
    began = stopwatch.now()
    wait_until(lambda: _reserve(server, merchant).status_code == 200, "the service heals by itself")
    stopwatch.judge(stopwatch.now() - began, promised=RECOVERY_SECONDS)


def test_a_row_that_somebody_keeps_locked_is_a_503_within_the_lock_timeout() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    with transaction.atomic():
        StockItem.objects.select_for_update().get(shop=merchant.shop)
        started = stopwatch.now()
        [response] = at_once([lambda: merchant.post("/stock/SKU-1/reserve")])
        waited = stopwatch.now() - started
    assert outcome(response) == (503, "busy")  # type: ignore[arg-type]
    assert response["Retry-After"] == "1"  # type: ignore[index]
    stopwatch.judge(waited, promised=5.0)
    assert numbers(merchant.shop) == (5, 0, 0)


def test_a_connection_lost_at_commit_is_unknown_and_the_same_key_tells_the_truth() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    with connection.cursor() as cursor:
        cursor.execute(DIES_AT_COMMIT)
        try:
            [lost] = at_once([lambda: merchant.post("/stock/SKU-1/reserve", key="k")])
        finally:
            cursor.execute("DROP FUNCTION dies_at_commit CASCADE")
    assert outcome(lost) == (503, "outcome_unknown")  # type: ignore[arg-type]
    assert lost["Retry-After"] == "2"  # type: ignore[index]
    truth = merchant.post("/stock/SKU-1/reserve", key="k")
    assert outcome(truth) == (200, None)
    assert numbers(merchant.shop) == (5, 1, 0)
    assert bytes(IdempotencyRecord.objects.get(shop=merchant.shop).body) == truth.content
    assert body_of(merchant.post("/stock/SKU-1/reserve", key="k")) == body_of(truth)


def test_without_its_broker_the_service_sells_on_and_says_that_it_is_not_ready() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    with web_server(REDIS_URL="unix:///nowhere/redis.sock") as server:
        assert _reserve(server, merchant).status_code == 200
        # On a busy machine the database may miss a probe's two seconds.
        wait_until(lambda: server.get("/readyz").json()["checks"]["database"]["status"] == "ok")
        ready = server.get("/readyz")
        assert (ready.status_code, ready.json()["code"]) == (503, "not_ready")
        assert ready.json()["checks"]["broker"]["status"] == "unreachable"
        assert int(ready.headers["Retry-After"]) >= 1
