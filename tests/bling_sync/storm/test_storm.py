"""The storm: sales under every misbehaviour, workers killed, Redis flushed; and Bling moved by exactly what was sold.

BLING_STORM_SALES=500 BLING_STORM_KILLS=10 runs it whole; BLING_STORM_SEED repeats one.
"""

import os
import random
import time
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
import redis
from django.conf import settings as configured

from bling_sync.models import Connection, Push, PushState
from bling_sync.outbox import decide
from bling_sync.reconcile import due
from reservations import engine
from sandbox.bling import Serving
from tests.bling_sync.storm.sampler import Sampler
from tests.bling_sync.storm.workers import Workers
from tests.bling_sync.world import World, wait_until

SALES = int(os.environ.get("BLING_STORM_SALES", "100"))
KILLS = int(os.environ.get("BLING_STORM_KILLS", "4"))
SEED = int(os.environ.get("BLING_STORM_SEED", "0")) or random.randrange(1, 10**6)
OPENING = {f"STORM-{number}": 1_000 for number in range(5)}
SETTLE_SECONDS, TIMEOUT_SECONDS = 3, 1
# Another channel sells in a quantity of its own here: where it sells the very same, a person is asked.
OTHERS_QUANTITY = 11
MISBEHAVIOUR = {
    "POST /estoques": {
        "error_before": 0.04,
        "error_after": 0.04,
        "cut_before": 0.04,
        "cut_after": 0.04,
        "empty": 0.02,
        "bad_gateway": 0.02,
        "too_many": 0.03,
        "slow": 0.01,
        "slow_after": 0.01,
        "forbidden": 0.01,
    },
    "GET /": {"error_before": 0.03, "cut_after": 0.03, "too_many": 0.03, "unauthorized": 0.01, "slow_after": 0.01},
}
DONE = (PushState.SENT, PushState.SETTLED, PushState.CANCELLED)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300 + 3 * SALES),
]


@pytest.fixture
def world(bling: Serving) -> World:
    world = World(bling)
    bling.control.post("products", products=[{"sku": sku, "quantity": units} for sku, units in OPENING.items()])
    for sku in ("SKU-BZC-001", "SKU-BZC-002"):
        bling.control.post("products/delete", sku=sku)
    world.connect()
    world.do_import()
    return world


def misbehave(world: World) -> None:
    for on, kinds in MISBEHAVIOUR.items():
        for kind, probability in kinds.items():
            world.fault(kind, on=on, probability=probability, times=None, seconds=1.6)
    world.bling.control.post(
        "webhooks", lag_min=0.0, lag_max=0.6, duplicated=0.2, shuffled=0.3, shuffle_seconds=0.5, lost=0.1
    )


def sell(world: World, chance: random.Random, workers: Workers) -> None:
    """The sales, with a return now and then, others at work in Bling, and the disasters spread over them."""
    kills = set(chance.sample(range(SALES), KILLS))
    flushes = set(chance.sample(range(SALES), 2))
    for number in range(SALES):
        sku = chance.choice(list(OPENING))
        push = world.buy(sku, chance.randint(1, 3), order_id=f"order-{number}")
        if chance.random() < 0.1:
            world.give_back(push, 1, f"refund-{number}")
        if chance.random() < 0.05:
            operation = chance.choice("SE")
            world.bling.control.post("movements", sku=sku, operation=operation, quantity=OTHERS_QUANTITY)
        if number in kills:
            workers.kill_one(chance)
        if number in flushes:
            redis.Redis.from_url(configured.REDIS_URL).flushall()
        time.sleep(chance.uniform(0.02, 0.2))


def calm(world: World) -> None:
    """Bling behaves again, and the workers get through everything that they can settle by themselves."""
    world.bling.control.post("faults/clear")
    open_ones = Push.objects.filter(shop=world.shop).exclude(state__in=DONE)

    def settled() -> bool:
        Connection.objects.filter(shop=world.shop).update(wait_until=None)
        return not open_ones.exclude(state=PushState.UNKNOWN, escalated_at__isnull=False).exists()

    wait_until(settled, seconds=120 + SALES)


def merchant_decides(world: World) -> int:
    """The merchant looks at Bling's stock screen, where each movement's note names its push; how many were asked."""
    booked = keys_in_bling(world)
    asked = list(Push.objects.filter(shop=world.shop, state=PushState.UNKNOWN))
    for push in asked:
        (decide.in_bling if push.key in booked else decide.send_again)(push, by="storm")
    return len(asked)


def keys_in_bling(world: World) -> Counter[UUID]:
    notes = [row["note"] for row in world.movements() if row["origin"] == "api"]
    return Counter(UUID(note.rpartition("(")[2].rstrip(")")) for note in notes)


def test_bling_moves_by_exactly_what_was_sold_whatever_fails_on_the_way(world: World, tmp_path: Path) -> None:
    print(f"BLING_STORM_SEED={SEED} BLING_STORM_SALES={SALES} BLING_STORM_KILLS={KILLS}")
    chance = random.Random(SEED)
    world.bling.control.post("faults/clear", seed=SEED)
    parts = {"number": 3, "held_ms": 20, "settle": SETTLE_SECONDS, "timeout": TIMEOUT_SECONDS}
    sampler = Sampler(world.bling, world.shop.pk, OPENING)
    with sampler, Workers(world.bling, tmp_path / "workers.log", **parts) as workers:
        misbehave(world)
        sell(world, chance, workers)
        calm(world)
        asked = merchant_decides(world)
        calm(world)
        due.everything(world.shop.pk)
        wait_until(lambda: set(world.states()) <= {"settled", "cancelled"}, seconds=60)
        assert workers.ended() == []
    print(f"{asked} of {SALES} sales were put before the merchant; {sampler.samples} samples; {world.states()}")
    assert sampler.too_high == []
    assert sampler.samples > SALES
    assert set(keys_in_bling(world).values()) == {1}
    told = Push.objects.filter(shop=world.shop, state=PushState.SETTLED)
    assert set(told.values_list("key", flat=True)) == set(keys_in_bling(world))
    for sku, opening in OPENING.items():
        others = sum(int(row["delta"]) for row in world.movements() if row["origin"] != "api" and row["sku"] == sku)
        sold = sum(p.units * (1 if p.kind == "sale" else -1) for p in told.filter(stock_item__sku=sku))
        assert world.in_bling(sku)[0] == opening + others - sold
        assert world.stock(sku).available == world.in_bling(sku)[0]
    assert asked <= SALES * 0.1
    assert engine.audit(world.shop.pk) == []


def test_three_workers_send_no_three_requests_of_a_company_within_a_second(world: World, tmp_path: Path) -> None:
    for number in range(14):
        world.buy(list(OPENING)[number % 5], order_id=f"order-{number}")
    before = len(world.requests_to(""))
    parts = {"number": 3, "held_ms": 1_050, "settle": SETTLE_SECONDS, "timeout": 5}
    with Workers(world.bling, tmp_path / "workers.log", **parts):
        time.sleep(3)
        redis.Redis.from_url(configured.REDIS_URL).flushall()
        wait_until(lambda: "pending" not in world.states(), seconds=60)
    times = sorted(float(row["at"]) for row in world.requests_to("")[before:])
    assert len(times) >= 14
    assert max(sum(start <= at < start + 1 for at in times) for start in times) <= 2
