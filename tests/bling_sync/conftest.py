"""A Bling that answers, the service that it calls back, and a shop between them."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from bling_sync.client import redis_slots
from sandbox.bling import RunningStandIn, serve
from tests.bling_sync.world import World


@pytest.fixture
def bling(settings: Settings, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningStandIn]:
    """The stand-in without its limits, and the service without its pace; both have tests of their own."""
    callback, webhooks = f"{live_server.url}/bling/callback", f"{live_server.url}/bling/webhooks"
    with serve(settings.BLING_CLIENT_ID, settings.BLING_CLIENT_SECRET, callback, webhooks) as serving:
        settings.BLING_API_URL = serving.api_url
        settings.BLING_AUTHORIZE_URL = serving.authorize_url
        settings.BLING_SETTLE_SECONDS = 0
        serving.control.post("limits", requests_per_second=None, address_blocks=False)
        monkeypatch.setattr(redis_slots, "HELD_AFTER_ANSWER_MS", 1)
        # What the cache holds of one stand-in is wrong for the next.
        cache.clear()
        yield serving


@pytest.fixture
def world(bling: RunningStandIn) -> World:
    """A connected shop whose products are imported: SKU-BZC-001 with 10 units and SKU-BZC-002 with 5."""
    world = World(bling)
    world.connect_and_import()
    return world
