"""Whose event is it? Every movement of ours comes back as an event without a name; each push claims its own."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from bling_sync import sql
from bling_sync.models import WebhookEvent

# How long after its push an event may come and still be taken for its echo; measured: up to 22 seconds.
WITHIN = timedelta(minutes=10)

_HEARD = """
SELECT id, operation, quantity, received_at FROM bling_sync_webhookevent
WHERE shop_id = %s AND product_id = %s AND claimed_by IS NULL AND operation <> ''
    AND received_at > clock_timestamp() - 2 * %s::interval
ORDER BY received_at, id
"""
_OURS = """
SELECT p.id, CASE p.kind WHEN 'sale' THEN 'S' ELSE 'E' END, p.quantity - p.cancelled, p.sending_at
FROM bling_sync_push AS p
WHERE p.shop_id = %s AND p.product_id = %s AND p.state IN ('sent', 'settled') AND p.mode <> 'observe'
    AND p.evidence <> 'merchant' AND p.sending_at > clock_timestamp() - 2 * %s::interval
    AND NOT EXISTS (SELECT 1 FROM bling_sync_webhookevent AS c WHERE c.shop_id = p.shop_id AND c.claimed_by = p.id)
ORDER BY p.sending_at, p.id
"""


class Movement(NamedTuple):
    """A push of ours, or an event: what was moved, and when."""

    id: int
    operation: str
    units: Decimal
    at: datetime


def claim(shop_id: int, product_id: int, bling_id: int) -> None:
    """Let the pushes of a product that Bling has claim their events, the oldest push the oldest event that fits."""
    heard = [Movement(*row) for row in sql.rows(_HEARD, [shop_id, bling_id, WITHIN])]
    if not heard:
        return
    ours = [Movement(*row) for row in sql.rows(_OURS, [shop_id, product_id, WITHIN])]
    for event_id, push_id in pairs(ours, heard):
        WebhookEvent.objects.filter(shop_id=shop_id, pk=event_id).update(claimed_by=push_id)


def pairs(ours: Iterable[Movement], heard: Sequence[Movement]) -> list[tuple[int, int]]:
    """Which event is the echo of which push: (event, push)."""
    free = list(heard)
    found = []
    for push in ours:
        fits = (e for e in free if (e.operation, e.units) == (push.operation, push.units))
        echo = next((event for event in fits if push.at <= event.at <= push.at + WITHIN), None)
        if echo is not None:
            free.remove(echo)
            found.append((echo.id, push.id))
    return found
