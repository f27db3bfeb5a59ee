"""A stand-in for Shopify, with the app in its demo store."""

from collections.abc import Iterator

import pytest

from sandbox.shopify import RunningStandIn, serve
from tests.sandbox.receiver import Receiver, receiver
from tests.sandbox.shopify.client import CLIENT, Client


@pytest.fixture
def shopify() -> Iterator[RunningStandIn]:
    """A fresh stand-in."""
    with serve(*CLIENT) as serving:
        yield serving


@pytest.fixture
def client(shopify: RunningStandIn) -> Client:
    """The app in the demo store."""
    return Client(shopify).connect()


@pytest.fixture
def hooks(shopify: RunningStandIn) -> Iterator[Receiver]:
    """Where the stand-in sends its webhooks."""
    with receiver() as mine:
        shopify.control.post("app", webhooks_url=f"{mine.url}/shopify/webhooks")
        yield mine
