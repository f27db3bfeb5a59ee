"""The stand-in of Shopify whose books are the judge; its webhooks wait until a test brings them."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from bling_sync.client import redis_slots
from reservations.shopify.client import admin_api
from reservations.shopify.inventory import stale_levels
from reservations.shopify.webhooks.inbox_nudge import nudger
from sandbox.bling import RunningStandIn as Bling
from sandbox.bling import serve as serve_bling
from sandbox.shopify import RunningStandIn, serve


@pytest.fixture
def shopify(settings: Settings) -> Iterator[RunningStandIn]:
    """The stand-in; SHOPIFY_ADMIN_URL leads to it, and it sends nothing by itself."""
    with serve(settings.SHOPIFY_API_KEY, settings.SHOPIFY_API_SECRET, "http://127.0.0.1:9/") as serving:
        serving.shopify.deliveries.manners.paused = True
        settings.SHOPIFY_ADMIN_URL = serving.admin_url
        admin_api.budget.forget()
        yield serving


@pytest.fixture
def bling(settings: Settings, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bling]:
    """A Bling without its limits that sends no webhooks, and the service without its pace."""
    with serve_bling(
        settings.BLING_CLIENT_ID, settings.BLING_CLIENT_SECRET, f"{live_server.url}/bling/callback"
    ) as one:
        settings.BLING_API_URL, settings.BLING_AUTHORIZE_URL = one.api_url, one.authorize_url
        settings.BLING_SETTLE_SECONDS = 0
        one.control.post("limits", requests_per_second=None, address_blocks=False)
        monkeypatch.setattr(redis_slots, "HELD_AFTER_ANSWER_MS", 1)
        cache.clear()
        yield one


@pytest.fixture(autouse=True)
def levels_have_rested(monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps a published number true is not the time that its level was left alone."""
    monkeypatch.setattr(stale_levels, "GRACE_SECONDS", -3_600)


@pytest.fixture(autouse=True)
def nobody_is_nudged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test itself processes what arrives."""
    monkeypatch.setattr(nudger, "nudge", lambda shop_id: None)
