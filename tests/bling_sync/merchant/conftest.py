"""A merchant before the Bling page, with the stand-in as their company."""

import pytest

from sandbox.bling import RunningStandIn
from tests.bling_sync.world import World
from tests.merchant.merchant import Merchant


@pytest.fixture
def merchant() -> Merchant:
    """A merchant whose shop has the app."""
    return Merchant()


@pytest.fixture
def company(bling: RunningStandIn, merchant: Merchant) -> World:
    """The merchant's shop and its company in Bling, not connected yet."""
    return World(bling, merchant.shop)
