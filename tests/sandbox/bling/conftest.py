"""A stand-in for Bling, and an app with its authorization."""

from collections.abc import Iterator

import pytest

from sandbox.bling import RunningStandIn, serve
from tests.sandbox.bling.client import CALLBACK, CLIENT, Client
from tests.sandbox.receiver import Receiver, receiver


@pytest.fixture
def bling() -> Iterator[RunningStandIn]:
    """A fresh stand-in without its limits."""
    with serve(*CLIENT, CALLBACK) as serving:
        serving.control.post("limits", requests_per_second=None, address_blocks=False)
        yield serving


@pytest.fixture
def client(bling: RunningStandIn) -> Client:
    """An app in the demo company's account."""
    return Client(bling).connect()


@pytest.fixture
def events(bling: RunningStandIn) -> Iterator[Receiver]:
    """Where the stand-in sends its webhooks."""
    with receiver() as mine:
        bling.control.post("app", webhooks_url=mine.url)
        yield mine
