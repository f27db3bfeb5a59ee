"""The pace across processes: three workers, one company, and the requests that reach Bling."""

from pathlib import Path

import pytest
import redis
from django.conf import settings as configured

from sandbox.bling import RunningStandIn
from tests.bling_sync.storm import weather
from tests.bling_sync.storm.weather import OPENING
from tests.bling_sync.storm.workers import Parts, Workers
from tests.bling_sync.world import World
from tests.support.patience import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

PARTS = Parts(number=3, held_ms=1_050, settle=60, call_seconds=30)
NOWHERE = "redis://127.0.0.1:1/0"
# Bling has them, whether or not a reading has shown that yet.
TOLD = {"sent", "settled"}


@pytest.fixture
def world(bling: RunningStandIn) -> World:
    return weather.stocked_world(bling)


def sales(world: World, number: int) -> int:
    """Make so many unsent sales; returns how many requests came before."""
    for place in range(number):
        world.buy(list(OPENING)[place % len(OPENING)], order_id=f"order-{place}")
    return len(world.requests_to(""))


def arrivals(world: World, after: int) -> list[float]:
    return sorted(float(row["at"]) for row in world.requests_to("")[after:])


def most_in_a_second(times: list[float]) -> int:
    return max(sum(start <= at < start + 1 for at in times) for start in times)


def test_three_workers_send_no_three_requests_of_a_company_within_a_second(world: World, tmp_path: Path) -> None:
    before = sales(world, 8)
    with Workers(world.bling, tmp_path / "workers.log", PARTS):
        wait_until(lambda: len(world.requests_to("POST")) > 3)
        redis.Redis.from_url(configured.REDIS_URL).flushall()
        wait_until(lambda: set(world.states()) <= TOLD)
    times = arrivals(world, before)
    assert len(times) >= 8
    print(f"{len(times)} requests in {times[-1] - times[0]:.1f} s, at most {most_in_a_second(times)} in a second")
    assert most_in_a_second(times) <= 2


def test_three_workers_without_redis_send_one_request_at_a_time(world: World, tmp_path: Path) -> None:
    before = sales(world, 4)
    with Workers(world.bling, tmp_path / "workers.log", PARTS._replace(redis_url=NOWHERE)):
        wait_until(lambda: set(world.states()) <= TOLD)
    times = arrivals(world, before)
    assert len(times) >= 4
    print(f"{len(times)} requests in {times[-1] - times[0]:.1f} s, at most {most_in_a_second(times)} in a second")
    assert most_in_a_second(times) == 1


def test_workers_that_disagree_about_redis_stay_within_the_three_a_second_that_bling_allows(
    world: World, tmp_path: Path
) -> None:
    """Two go by Redis and one by the database: those with Redis cannot know of the one without."""
    before = sales(world, 6)
    seeing = Workers(world.bling, tmp_path / "seeing.log", PARTS._replace(number=2))
    blind = Workers(world.bling, tmp_path / "blind.log", PARTS._replace(number=1, redis_url=NOWHERE))
    with seeing, blind:
        wait_until(lambda: set(world.states()) <= TOLD)
    assert most_in_a_second(arrivals(world, before)) <= 3
