"""A web process dies, or all of them do: every answer given is kept, and nothing is half done."""

from collections.abc import Iterator
from functools import partial

import pytest
from django.db import connection

from reservations import engine
from reservations.models import ApiKey, IdempotencyRecord, Reservation, Shop
from tests.factories import make_shop, numbers, stock_of
from tests.support.blocker import holding_ledger
from tests.support.buyer import Buyer
from tests.support.crowd import Crowd
from tests.support.database import address
from tests.support.load import Load
from tests.support.patience import wait_until
from tests.support.postgres_proxy import PostgresProxy
from tests.support.proxied_session import AtCommit
from tests.support.verdict import judge, settle, truth_of
from tests.support.web import PROCESSES, running_web

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 1_000_000


@pytest.fixture
def shop() -> Shop:
    return make_shop()


@pytest.fixture
def api_key(shop: Shop) -> str:
    return ApiKey.issue(shop)[1]


@pytest.fixture
def proxy() -> Iterator[PostgresProxy]:
    with PostgresProxy(connection.settings_dict["HOST"]) as proxy:
        yield proxy


def test_a_web_process_that_is_killed_amid_two_hundred_reservations_loses_none(shop: Shop, api_key: str) -> None:
    sku = stock_of(shop, MANY)
    with running_web(DATABASE_URL=address()) as web:
        load = Load(web.port, api_key, sku)
        with load.running(buyers=24):
            for _ in range(3):
                load.wait_for(70)
                web.workers()[0].kill()
            load.wait_for(200)
        judge(shop, load)
        settle(shop, load, Buyer(web.port, api_key))


def test_a_web_process_that_is_killed_again_as_soon_as_it_is_back_takes_no_other_down(shop: Shop, api_key: str) -> None:
    sku = stock_of(shop, MANY)
    with running_web(DATABASE_URL=address()) as web:
        load = Load(web.port, api_key, sku)
        spared, victim = sorted(web.workers(), key=lambda worker: worker.create_time())
        with load.running(buyers=8):
            for _ in range(4):
                victim.kill()
                victim.wait()
                wait_until(lambda: len(web.workers()) == PROCESSES)
                victim = max(web.workers(), key=lambda worker: worker.create_time())
                load.wait_for(20)
        assert spared.is_running()
        judge(shop, load)


def test_a_whole_service_that_is_killed_amid_two_hundred_reservations_loses_none(shop: Shop, api_key: str) -> None:
    sku = stock_of(shop, MANY)
    with running_web(DATABASE_URL=address()) as web:
        load = Load(web.port, api_key, sku)
        with load.running(buyers=24):
            load.wait_for(200)
            web.kill()
    judge(shop, load)
    with running_web(DATABASE_URL=address()) as web:
        settle(shop, load, Buyer(web.port, api_key))


def test_a_batch_whose_process_is_killed_while_it_is_written_is_there_whole_or_not_at_all(
    shop: Shop, api_key: str
) -> None:
    sku = stock_of(shop, 100)
    crowd: Crowd[object] = Crowd()
    with running_web(DATABASE_URL=address()) as web:
        with holding_ledger():
            for number in range(20):
                crowd.send(partial(Buyer(web.port, api_key).reserve, sku, key=f"key-{number}"))
            wait_until(lambda: writers_that_wait() > 0)
            web.kill()
            assert all(isinstance(outcome, Exception) for outcome in crowd.outcomes())
        wait_until(lambda: sessions_in_a_transaction() == 0)
    # PostgreSQL carries out what it got with its COMMIT, though nobody is left to hear of it.
    written = Reservation.objects.filter(shop=shop).count()
    assert IdempotencyRecord.objects.filter(shop=shop).count() == written
    assert numbers(shop, sku) == (100, written, 0)
    assert engine.audit(shop.pk) == []
    with running_web(DATABASE_URL=address()) as web:
        buyer = Buyer(web.port, api_key)
        told = {truth_of(buyer, sku, f"key-{number}").body["reservation_id"] for number in range(20)}
    assert len(told) == 20
    assert numbers(shop, sku) == (100, 20, 0)
    assert engine.audit(shop.pk) == []


def test_a_reservation_whose_process_is_killed_between_commit_and_answer_is_found_by_its_key(
    shop: Shop, api_key: str, proxy: PostgresProxy
) -> None:
    sku = stock_of(shop, 5)
    with running_web(DATABASE_URL=address(proxy.directory)) as web:
        buyer = Buyer(web.port, api_key)
        # The first request opens the connection on which the second dies.
        assert buyer.reserve(sku).status == 200
        proxy.at_next_commit(AtCommit.ANSWER_IS_LOST, committed=web.kill)
        with pytest.raises((OSError, EOFError)):
            buyer.reserve(sku, key="k")
    with running_web(DATABASE_URL=address()) as web:
        answer = Buyer(web.port, api_key).reserve(sku, key="k")
    assert answer.status == 200
    assert Reservation.objects.filter(shop=shop, pk=answer.body["reservation_id"], status="active").exists()
    assert numbers(shop, sku) == (5, 2, 0)
    assert engine.audit(shop.pk) == []


@pytest.mark.parametrize("loss", [AtCommit.NEVER_ARRIVES, AtCommit.ANSWER_IS_LOST], ids=lambda loss: loss.name)
def test_a_connection_cut_at_commit_is_told_as_unknown_and_the_same_key_tells_the_truth(
    shop: Shop, api_key: str, proxy: PostgresProxy, loss: AtCommit
) -> None:
    sku = stock_of(shop, 5)
    with running_web(DATABASE_URL=address(proxy.directory)) as web:
        buyer = Buyer(web.port, api_key)
        proxy.at_next_commit(loss)
        unknown = buyer.reserve(sku, key="k")
        assert (unknown.status, unknown.code, unknown.retry_after) == (503, "outcome_unknown", "2")
        applied = Reservation.objects.filter(shop=shop).count()
        assert applied == (loss is AtCommit.ANSWER_IS_LOST)
        assert truth_of(buyer, sku, "k").status == 200
    assert numbers(shop, sku) == (5, 1, 0)
    assert engine.audit(shop.pk) == []


def writers_that_wait() -> int:
    """How many sessions wait in the middle of writing to the ledger."""
    return sessions("wait_event_type = 'Lock' AND query LIKE '%INSERT INTO reservations_stockmovement%'")


def sessions_in_a_transaction() -> int:
    """How many other sessions have an open transaction."""
    return sessions("state <> 'idle'")


def sessions(condition: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            f" AND {condition}"
        )
        return int(cursor.fetchone()[0])
