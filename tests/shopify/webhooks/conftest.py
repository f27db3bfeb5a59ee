"""Deliveries wait for the test to process them: no message wakes a worker of its own accord."""

import pytest

from reservations.shopify.webhooks.inbox_nudge import nudger


@pytest.fixture(autouse=True)
def nudges(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The shops that were nudged, in place of messages."""
    nudged: list[int] = []
    monkeypatch.setattr(nudger, "nudge", nudged.append)
    return nudged
