"""Has events processed once more when a person asks for it."""

from collections.abc import Iterable

from bling_sync.models import WebhookEvent


def replay(events: Iterable[WebhookEvent]) -> int:
    """Let the next sweep process these events again; returns how many. It leads to readings, never to a figure."""
    replayed = 0
    for event in events:
        replayed += WebhookEvent.objects.filter(shop_id=event.shop_id, pk=event.pk).update(processed_at=None)
    return replayed
