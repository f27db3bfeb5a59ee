"""Deliveries wait until the test processes them: no message wakes a worker."""

import pytest

from reservations.shopify.webhooks.inbox_nudge import nudger


@pytest.fixture(autouse=True)
def nudges(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Collects the nudged shops, in place of messages."""
    nudged: list[int] = []
    monkeypatch.setattr(nudger, "nudge", nudged.append)
    return nudged
