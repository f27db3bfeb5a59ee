"""Drawing the consequences of events once more, when a person wants it so."""

from collections.abc import Iterable

from bling_sync.models import WebhookEvent


def replay(events: Iterable[WebhookEvent]) -> int:
    """Let the next round look at these events again; returns how many. It leads to readings and never to a figure."""
    replayed = 0
    for event in events:
        replayed += WebhookEvent.objects.filter(shop_id=event.shop_id, pk=event.pk).update(processed_at=None)
    return replayed
