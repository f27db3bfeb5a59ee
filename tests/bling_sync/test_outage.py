"""An hour without Bling during a sale: no unit is sold twice, no call made in vain, and every sale arrives once."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from bling_sync import shop_work, sweeper
from bling_sync.client import account_health
from bling_sync.client import bling_api as client
from bling_sync.models import Connection, Push
from bling_sync.outbox_backlog import status
from bling_sync.reconcile import reading_schedule
from plumbing import database_clock
from reservations import engine
from tests.bling_sync.world import World

pytestmark = pytest.mark.django_db(transaction=True)

MINUTES = 60
NOBODY = "http://127.0.0.1:1/Api/v3"


def a_minute_passes(world: World) -> None:
    """Let all waits of up to a minute end, and let the worker make its rounds."""
    a_minute = timedelta(minutes=1)
    known = world.connection
    if known.wait_until is not None:
        Connection.objects.update(wait_until=known.wait_until - a_minute)
    Push.objects.filter(state="pending").update(next_attempt_at=Now())
    for found in sweeper.due():
        if found.push:
            shop_work.push(found.shop_id)
        if found.read:
            shop_work.read_back(found.shop_id)


def test_an_hour_without_bling_during_a_sale_oversells_nothing_and_loses_nothing(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_FIRST_NAP_SECONDS", 0.0)
    address, settings.BLING_API_URL = settings.BLING_API_URL, NOBODY
    sold = 0
    for minute in range(MINUTES):
        if minute % 10 == 0:
            world.buy()
            sold += 1
        reading_schedule.request_all(world.shop.pk)
        a_minute_passes(world)
        assert world.stock().available == 10 - sold
        wait = world.connection.wait_until
        assert wait is None or wait - database_clock.now() <= timedelta(seconds=account_health.LONGEST_PAUSE_SECONDS)
    assert status(world.connection).waiting["pending"].count == sold
    assert world.connection.last_error.startswith("Bling cannot be reached")
    settings.BLING_API_URL = address
    for _ in range(3):
        a_minute_passes(world)
    world.read()
    assert world.states() == {"settled": sold}
    assert world.in_bling() == (10 - sold, 10 - sold)
    assert world.stock().available == 10 - sold
    assert world.connection.last_error == ""
    assert engine.audit(world.shop.pk) == []
