"""The stand-in of Shopify whose books are the judge; its webhooks wait until a test brings them."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from reservations.shopify.client import admin_api
from reservations.shopify.webhooks.inbox_nudge import nudger
from sandbox.shopify import RunningStandIn, serve


@pytest.fixture
def shopify(settings: Settings) -> Iterator[RunningStandIn]:
    """The stand-in; SHOPIFY_ADMIN_URL leads to it, and it sends nothing by itself."""
    with serve(settings.SHOPIFY_API_KEY, settings.SHOPIFY_API_SECRET, "http://127.0.0.1:9/") as serving:
        serving.shopify.deliveries.manners.paused = True
        settings.SHOPIFY_ADMIN_URL = serving.admin_url
        admin_api.budget.forget()
        yield serving


@pytest.fixture(autouse=True)
def nobody_is_nudged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test itself processes what arrives."""
    monkeypatch.setattr(nudger, "nudge", lambda shop_id: None)
