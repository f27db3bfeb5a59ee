"""The same storm where Bling imports the orders by itself: we write nothing, and every sale settles by its order."""

import random
import time
from pathlib import Path

import pytest
from django.db.models.functions import Now

from bling_sync.models import Push, PushState
from bling_sync.reconcile import reading_schedule
from reservations import engine
from sandbox.bling import RunningStandIn
from tests.bling_sync.storm import weather
from tests.bling_sync.storm.native import NativeChannel
from tests.bling_sync.storm.sampler import Sampler
from tests.bling_sync.storm.weather import OPENING, SALES
from tests.bling_sync.storm.workers import Workers
from tests.bling_sync.world import World
from tests.support.patience import PATIENCE_SECONDS, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300 + 3 * SALES)]


@pytest.fixture
def world(bling: RunningStandIn) -> World:
    bling.control.post("channels", type="Shopify", name="Minha loja")
    return weather.stocked_world(bling)


def sell(world: World, chance: random.Random, channel: NativeChannel, workers: Workers) -> None:
    """Make the sales, each an order that Bling imports; refund some of them whole and cancel them there."""
    disasters = weather.Disasters(chance, workers)
    sold: list[Push] = []
    for number in range(SALES):
        order_id = str(5_000_000 + number)
        push = world.buy(chance.choice(list(OPENING)), chance.randint(1, 3), order_id=order_id)
        channel.hears_of(order_id, push.stock_item.sku, push.quantity)
        sold.append(push)
        if chance.random() < 0.1:
            refund(world, channel, sold.pop(chance.randrange(len(sold))))
        disasters.strike(number)
        time.sleep(chance.uniform(0.02, 0.2))


def refund(world: World, channel: NativeChannel, push: Push) -> None:
    """Refund the whole order in Shopify and Bling; in Bling first, or the units would be nowhere for a moment."""
    wait_until(lambda: push.order_id in channel.orders)
    world.give_back(push, push.quantity)
    assert channel.cancel(push.order_id)


def settles(world: World) -> None:
    """Let the workers look at every order and read every balance, until each sale has ended.

    Every order and not only those of open sales: where the event of an invoice was lost, they are looked at again
    within half an hour, and until then the units count twice against selling.
    """

    def settled() -> bool:
        weather.calms_down(world)
        watched = Push.objects.filter(shop=world.shop, next_attempt_at__gt=Now()).exclude(state=PushState.CANCELLED)
        watched.update(next_attempt_at=Now())
        reading_schedule.request_all(world.shop.pk)
        time.sleep(0.5)
        return set(world.states()) <= {"settled", "cancelled"}

    wait_until(settled, seconds=PATIENCE_SECONDS + SALES)


def test_a_native_channel_books_every_sale_and_we_write_nothing_whatever_fails(world: World, tmp_path: Path) -> None:
    assert world.connection.mode == "observe"
    chance = weather.breaks_out(world)
    sampler = Sampler(world.bling, world.shop.pk, OPENING, ours=("order:",))
    channel = NativeChannel(world.bling, weather.SEED)
    with sampler, channel, Workers(world.bling, tmp_path / "workers.log", weather.PARTS) as workers:
        sell(world, chance, channel, workers)
        wait_until(lambda: channel.is_done)
        settles(world)
        assert workers.ended() == []
    print(f"{sampler.samples} samples; {world.states()}")
    assert sampler.too_high == []
    assert sampler.samples > SALES
    assert [row for row in world.movements() if row["origin"] == "api"] == []
    assert [row for row in world.requests_to("POST") if "oauth" not in row["path"]] == []
    for sku in OPENING:
        assert world.stock(sku).available == world.in_bling(sku)[1]
        assert world.stock(sku).in_flight == 0
    assert engine.audit(world.shop.pk) == []
