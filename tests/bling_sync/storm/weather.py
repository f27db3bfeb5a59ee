"""A storm's parts: its size and seed, Bling's misbehaviour, and the disasters spread over the sales."""

import os
import random

import redis
from django.conf import settings

from bling_sync.models import Connection
from sandbox.bling import RunningStandIn
from tests.bling_sync.storm.workers import Parts, Workers
from tests.bling_sync.world import FIRST, SECOND, World

SALES = int(os.environ.get("BLING_STORM_SALES", "40"))
KILLS = int(os.environ.get("BLING_STORM_KILLS", "3"))
SEED = int(os.environ.get("BLING_STORM_SEED", "0")) or random.randrange(1, 10**6)
FLUSHES = 2
OPENING = {f"STORM-{number}": 1_000 for number in range(5)}
# Longer than an answer takes on a busy machine, and shorter than one of the slow ones.
TIMEOUT_SECONDS = 3
PARTS = Parts(number=3, held_ms=20, settle=3, call_seconds=TIMEOUT_SECONDS)
READS_FAIL = {"error_before": 0.03, "cut_after": 0.03, "too_many": 0.03, "unauthorized": 0.01, "slow_after": 0.01}
WRITES_FAIL = {
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
}


def stocked_world(bling: RunningStandIn) -> World:
    """A connected shop with only the storm's products."""
    bling.control.post("products", products=[{"sku": sku, "quantity": units} for sku, units in OPENING.items()])
    for sku in (FIRST, SECOND):
        bling.control.post("products/delete", sku=sku)
    world = World(bling)
    world.connect()
    world.do_import()
    return world


def breaks_out(world: World) -> random.Random:
    """Let Bling misbehave from now on; returns the random source for the rest."""
    print(f"BLING_STORM_SEED={SEED} BLING_STORM_SALES={SALES} BLING_STORM_KILLS={KILLS}")
    world.bling.control.post("faults/clear", seed=SEED)
    for on, kinds in {"POST /estoques": WRITES_FAIL, "GET /": READS_FAIL}.items():
        for kind, probability in kinds.items():
            world.fault(kind, on=on, probability=probability, times=None, seconds=1.5 * TIMEOUT_SECONDS)
    world.bling.control.post(
        "webhooks", lag_min=0.0, lag_max=0.6, duplicated=0.2, shuffled=0.3, shuffle_seconds=0.5, lost=0.1
    )
    return random.Random(SEED)


class Disasters:
    """Chooses the sales at which it kills a worker, and those at which it empties Redis."""

    def __init__(self, chance: random.Random, workers: Workers) -> None:
        self._chance, self._workers = chance, workers
        self._kills = set(chance.sample(range(SALES), KILLS))
        self._flushes = set(chance.sample(range(SALES), FLUSHES))

    def strike(self, sale: int) -> None:
        """Do the disasters that this sale brings."""
        if sale in self._kills:
            self._workers.kill_one(self._chance)
        if sale in self._flushes:
            redis.Redis.from_url(settings.REDIS_URL).flushall()


def calms_down(world: World) -> None:
    """Let Bling behave again, and nobody wait for it any longer."""
    world.bling.control.post("faults/clear")
    Connection.objects.filter(shop=world.shop).update(wait_until=None)
