"""The storm: webhooks twice, in disorder and a day late, workers killed, Redis emptied; and the stock of a calm day.

WEBHOOK_STORM=10000 WEBHOOK_STORM_KILLS=20 runs it whole; WEBHOOK_STORM_SEED repeats one.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
import redis
from django.conf import settings as configured

from reservations import engine
from reservations.models import Shop, Shortfall, StockItem, WebhookDelivery
from tests.factories import make_shop, stock_of
from tests.shopify.storm import tale
from tests.shopify.storm.tale import Told
from tests.shopify.storm.workers import Workers
from tests.shopify.webhooks.deliveries import process, send
from tests.support.patience import PATIENCE_SECONDS, wait_until

SIZE = int(os.environ.get("WEBHOOK_STORM", "300"))
KILLS = int(os.environ.get("WEBHOOK_STORM_KILLS", "1"))
SEED = int(os.environ.get("WEBHOOK_STORM_SEED", "0")) or random.randrange(1, 10**6)
WORKERS = 2
DUPLICATED, SHUFFLED, LATE = 0.05, 0.2, 0.02
# How many places a shuffled delivery may move.
STRAY = 60
FLUSHES = 3
A_DAY = 86_400

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180 + SIZE // 4)]


def shop_of_the_storm() -> Shop:
    # Carts that nobody bought still hold at the end of both runs.
    shop = make_shop(hold_seconds=A_DAY, hold_ceiling_seconds=A_DAY)
    for sku in tale.SKUS:
        stock_of(shop, tale.UNITS, sku)
    return shop


def deliver(shop: Shop, told: Told) -> None:
    response = send(shop, told.topic, told.payload, webhook_id=told.webhook_id, triggered_at=told.at)
    assert response.status_code == 200


def stock(shop: Shop) -> dict[str, tuple[int, int, int]]:
    rows = StockItem.objects.filter(shop=shop).values_list("sku", "on_hand", "reserved", "in_flight")
    return {sku: (on_hand, reserved, in_flight) for sku, on_hand, reserved, in_flight in rows}


def disorder(day: Sequence[Told], chance: random.Random) -> tuple[list[Told], list[Told]]:
    """The day as it arrives, and what arrives a day later."""
    late = set(chance.sample(range(len(day)), int(len(day) * LATE)))
    places: list[tuple[float, Told]] = []
    for place, told in enumerate(day):
        if place in late:
            continue
        stray = chance.uniform(-STRAY, STRAY) if chance.random() < SHUFFLED else 0
        places.append((place + stray, told))
        if chance.random() < DUPLICATED:
            places.append((place + chance.uniform(0, STRAY), told))
    return [told for _, told in sorted(places, key=lambda known: known[0])], [day[place] for place in sorted(late)]


def pending(shop: Shop) -> int:
    return WebhookDelivery.objects.filter(shop=shop, status="pending").count()


def wait_until_done(shop: Shop) -> None:
    wait_until(lambda: not pending(shop), "no delivery is left", PATIENCE_SECONDS + SIZE / 10)


def storm(shop: Shop, day: Sequence[Told], chance: random.Random, workers: Workers) -> None:
    """Send it all, with the disasters spread over it."""
    arriving, late = disorder(day, chance)
    kills = set(chance.sample(range(len(arriving)), KILLS))
    flushes = set(chance.sample(range(len(arriving)), FLUSHES))
    broker = redis.Redis.from_url(configured.REDIS_URL)
    for number, told in enumerate(arriving):
        deliver(shop, told)
        if number in kills:
            workers.kill_one(chance)
        if number in flushes:
            broker.flushall()
    wait_until_done(shop)
    for told in late:
        deliver(shop, told)
    wait_until_done(shop)


def test_a_storm_of_webhooks_ends_in_the_stock_of_an_orderly_day(tmp_path: Path) -> None:
    print(f"WEBHOOK_STORM={SIZE} WEBHOOK_STORM_KILLS={KILLS} WEBHOOK_STORM_SEED={SEED}")
    chance = random.Random(SEED)
    day = tale.day(SIZE, chance)
    calm = shop_of_the_storm()
    for told in day:
        deliver(calm, told)
    process(calm)
    while pending(calm):
        process(calm)
    begun = time.monotonic()
    shop = shop_of_the_storm()
    with Workers(tmp_path / "workers.log", number=WORKERS) as workers:
        storm(shop, day, chance, workers)
        assert workers.ended() == []
    statuses = Counter(WebhookDelivery.objects.filter(shop=shop).values_list("status", flat=True))
    sold = sum(in_flight for _, _, in_flight in stock(calm).values())
    print(f"{statuses} in {time.monotonic() - begun:.0f} s; {sold} units sold; seed {SEED}")
    assert statuses.keys() <= {"applied", "ignored"}
    assert statuses.total() == SIZE
    assert stock(shop) == stock(calm)
    assert sold > 0
    assert not Shortfall.objects.filter(quantity__gt=0).exists()
    assert engine.audit(shop.pk) == engine.audit(calm.pk) == []
