"""A stateful Shopify behind a real socket, and a service that calls it."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from reservations.shopify.client import admin_api
from sandbox.shopify import RunningStandIn, serve


@pytest.fixture
def one_try() -> Iterator[None]:
    """No call is tried again: the pause before a second try is longer than any call's time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(admin_api, "_FIRST_PAUSE_SECONDS", 600.0)
        yield


@pytest.fixture
def shopify(settings: Settings) -> Iterator[RunningStandIn]:
    """The stand-in for Shopify; SHOPIFY_ADMIN_URL leads to it."""
    with serve(settings.SHOPIFY_API_KEY, settings.SHOPIFY_API_SECRET) as serving:
        settings.SHOPIFY_ADMIN_URL = serving.admin_url
        admin_api.budget.forget()
        yield serving
