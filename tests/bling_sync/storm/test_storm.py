"""The storm: sales under every misbehaviour, workers killed, Redis flushed; and Bling moved by exactly what was sold.

BLING_STORM_SALES=500 BLING_STORM_KILLS=10 runs it whole; BLING_STORM_SEED repeats one.
"""

import random
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

import pytest

from bling_sync.models import Connection, Push, PushState
from bling_sync.outbox import decide
from bling_sync.reconcile import reading_schedule
from reservations import engine
from sandbox.bling import RunningStandIn
from tests.bling_sync.storm import weather
from tests.bling_sync.storm.sampler import Sampler
from tests.bling_sync.storm.weather import OPENING, SALES
from tests.bling_sync.storm.workers import Workers
from tests.bling_sync.world import World
from tests.support.patience import PATIENCE_SECONDS, wait_until

# Here another channel sells a quantity of its own: where it sells the very same, a person decides.
OTHERS_QUANTITY = 11
DONE = (PushState.SENT, PushState.SETTLED, PushState.CANCELLED)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300 + 3 * SALES),
]


@pytest.fixture
def world(bling: RunningStandIn) -> World:
    return weather.stocked_world(bling)


def sell(world: World, chance: random.Random, workers: Workers) -> None:
    """Make the sales, with returns, strangers at work in Bling, and the disasters spread over them."""
    disasters = weather.Disasters(chance, workers)
    for number in range(SALES):
        sku = chance.choice(list(OPENING))
        push = world.buy(sku, chance.randint(1, 3), order_id=f"order-{number}")
        if chance.random() < 0.1:
            world.give_back(push, 1)
        if chance.random() < 0.05:
            operation = chance.choice("SE")
            world.bling.control.post("movements", sku=sku, operation=operation, quantity=OTHERS_QUANTITY)
        disasters.strike(number)
        time.sleep(chance.uniform(0.02, 0.2))


def calm(world: World) -> None:
    """Let Bling behave again, and the workers finish all that they can settle by themselves."""
    weather.calms_down(world)
    open_ones = Push.objects.filter(shop=world.shop).exclude(state__in=DONE)

    def settled() -> bool:
        Connection.objects.filter(shop=world.shop).update(wait_until=None)
        return not open_ones.exclude(state=PushState.UNKNOWN, escalated_at__isnull=False).exists()

    wait_until(settled, seconds=PATIENCE_SECONDS + SALES)


def merchant_decides(world: World) -> int:
    """Decide as a merchant who reads Bling's stock screen, whose notes name each call; returns how many sales."""
    booked = keys_in_bling(world)
    asked = Push.objects.filter(shop=world.shop, state=PushState.UNKNOWN)
    number = asked.count()
    for push in asked.filter(carried_by__isnull=True):
        (decide.in_bling if push.key in booked else decide.send_again)(push, by="storm")
    return number


def keys_in_bling(world: World) -> Counter[UUID]:
    notes = [row["note"] for row in world.movements() if row["origin"] == "api"]
    return Counter(key_in(note) for note in notes)


def key_in(note: str) -> UUID:
    return UUID(note.rpartition("(")[2].rstrip(")"))


def units_by_call(told: Iterable[Push]) -> Counter[UUID]:
    """The units that each call told Bling of: those of all sales that say they went in it."""
    keys = {push.pk: push.key for push in told}
    units: Counter[UUID] = Counter()
    for push in told:
        units[keys[push.carried_by or push.pk]] += push.units
    return units


def units_in_bling(world: World) -> Counter[UUID]:
    """The units of each of our bookings, by the key in its note."""
    ours = [row for row in world.movements() if row["origin"] == "api"]
    return Counter({key_in(row["note"]): int(row["quantity"]) for row in ours})


def test_bling_moves_by_exactly_what_was_sold_whatever_fails_on_the_way(world: World, tmp_path: Path) -> None:
    chance = weather.breaks_out(world)
    sampler = Sampler(world.bling, world.shop.pk, OPENING)
    with sampler, Workers(world.bling, tmp_path / "workers.log", weather.PARTS) as workers:
        sell(world, chance, workers)
        calm(world)
        asked = merchant_decides(world)
        calm(world)
        reading_schedule.request_all(world.shop.pk)
        wait_until(lambda: set(world.states()) <= {"settled", "cancelled"}, seconds=PATIENCE_SECONDS + SALES)
        assert workers.ended() == []
    print(f"{asked} of {SALES} sales were put before the merchant; {sampler.samples} samples; {world.states()}")
    assert sampler.too_high == []
    assert sampler.samples > SALES
    assert set(keys_in_bling(world).values()) == {1}
    told = Push.objects.filter(shop=world.shop, state=PushState.SETTLED)
    assert units_by_call(told) == units_in_bling(world)
    for sku, opening in OPENING.items():
        others = sum(int(row["delta"]) for row in world.movements() if row["origin"] != "api" and row["sku"] == sku)
        sold = sum(p.units * (1 if p.kind == "sale" else -1) for p in told.filter(stock_item__sku=sku))
        assert world.in_bling(sku)[0] == opening + others - sold
        assert world.stock(sku).available == world.in_bling(sku)[0]
    assert asked <= 3 + SALES * 0.1
    assert engine.audit(world.shop.pk) == []
