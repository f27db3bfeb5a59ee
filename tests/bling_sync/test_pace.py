"""The pace: at most two requests of one company in any second, measured where they arrive."""

import threading
import time
from collections.abc import Iterator

import pytest
import redis
from django.db import connections
from pytest_django import Settings

from bling_sync.client import account_health, pace, redis_slots
from bling_sync.client.bling_api import Bling
from bling_sync.errors import NotApplied, RateLimited, Waiting
from bling_sync.models import Connection, RequestSlot
from bling_sync.resources import deposits
from plumbing import database_clock
from sandbox.bling import RunningStandIn
from tests.bling_sync.world import World
from tests.support.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 6
A_SECOND = 1.0


@pytest.fixture
def connected(bling: RunningStandIn, monkeypatch: pytest.MonkeyPatch) -> World:
    """A connected shop at the real pace."""
    world = World(bling)
    world.connect()
    monkeypatch.setattr(redis_slots, "HELD_AFTER_ANSWER_MS", 1_050)
    time.sleep(A_SECOND)
    return world


@pytest.fixture
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse callers who would have to wait. A first request leaves the mark that says that Redis forgot nothing."""
    pace.count_one("somebody")
    monkeypatch.setattr(pace, "PATIENCE_SECONDS", 0.0)


@pytest.fixture
def no_redis(settings: Settings) -> Iterator[None]:
    """Take Redis away."""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    redis_slots._client.cache_clear()
    yield
    redis_slots._client.cache_clear()
    pace._fallback.leave()


def read_at_once(world: World, times: int = AT_ONCE) -> list[float]:
    """Read in so many threads at once; returns when the requests arrived, in order."""
    before = len(arrivals(world))

    def read() -> None:
        deposits.active(Bling(world.shop.pk, world.connection.limit_key))
        connections.close_all()

    threads = [threading.Thread(target=read) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    found = arrivals(world)[before:]
    assert len(found) == times
    return found


def arrivals(world: World) -> list[float]:
    return sorted(float(row["at"]) for row in world.requests_to("GET /Api/v3/depositos"))


def most_in_a_second(times: list[float]) -> int:
    return max(sum(start <= at < start + A_SECOND for at in times) for start in times)


def test_no_three_requests_of_a_company_arrive_within_a_second(connected: World) -> None:
    assert most_in_a_second(read_at_once(connected)) == 2


def test_two_requests_of_a_company_may_be_under_way_at_once_and_a_third_waits(nobody_waits: None) -> None:
    with pace.one_request("one"), pace.one_request("one"), pytest.raises(Waiting), pace.one_request("one"):
        pass


def test_slow_answers_do_not_let_a_third_request_in(connected: World) -> None:
    connected.fault("slow", on="GET /depositos", times=2, seconds=0.7)
    assert most_in_a_second(read_at_once(connected)) <= 2


def test_a_redis_that_forgets_everything_does_not_let_a_third_request_in(connected: World) -> None:
    from django.conf import settings

    def flush_twice() -> None:
        client = redis.Redis.from_url(settings.REDIS_URL)
        for _ in range(2):
            time.sleep(1.6)
            client.flushall()

    flusher = threading.Thread(target=flush_twice)
    flusher.start()
    times = read_at_once(connected, 8)
    flusher.join()
    assert most_in_a_second(times) <= 2


def test_without_redis_requests_go_one_at_a_time_through_the_database(connected: World, no_redis: None) -> None:
    times = read_at_once(connected, 3)
    assert most_in_a_second(times) == 1
    assert RequestSlot.objects.filter(limit_key=connected.connection.limit_key).exists()


def test_companies_do_not_wait_for_each_other(nobody_waits: None) -> None:
    with pace.one_request("first"), pace.one_request("first"), pace.one_request("second"):
        pass


def test_who_waits_too_long_for_a_turn_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "PATIENCE_SECONDS", 0.2)
    with pace.one_request("busy"), pace.one_request("busy"), pytest.raises(Waiting), pace.one_request("busy"):
        pass


def test_a_day_that_is_used_up_stops_all_calls_but_a_look_every_few_minutes(connected: World) -> None:
    connected.fault("too_many_today", on="GET /depositos")
    bling = Bling(connected.shop.pk, connected.connection.limit_key)
    with pytest.raises(RateLimited) as refused:
        deposits.active(bling)
    assert refused.value.day
    before = len(connected.requests_to("GET"))
    with pytest.raises(Waiting):
        deposits.active(bling)
    assert len(connected.requests_to("GET")) == before
    wait = connected.connection.wait_until
    assert wait is not None
    assert 240 < (wait - database_clock.now()).total_seconds() <= account_health.SPENT_DAY_SECONDS
    Connection.objects.update(wait_until=database_clock.now())
    assert deposits.active(bling)
    assert connected.connection.wait_until is None


def test_a_second_that_is_used_up_by_other_apps_is_waited_for(connected: World) -> None:
    connected.fault("too_many", on="GET /depositos")
    assert deposits.active(Bling(connected.shop.pk, connected.connection.limit_key))


def test_a_bling_that_is_down_is_asked_less_and_less_often(connected: World, settings: Settings) -> None:
    settings.BLING_API_URL = "http://127.0.0.1:1/Api/v3"
    waits = []
    for _ in range(4):
        with pytest.raises(NotApplied):
            deposits.active(Bling(connected.shop.pk, connected.connection.limit_key))
        known = connected.connection
        assert known.wait_until is not None
        waits.append(known.failures)
        Connection.objects.update(wait_until=None)
    assert waits == [1, 2, 3, 4]
