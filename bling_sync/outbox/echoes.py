"""Matches events with pushes: each movement of ours comes back as an event that names no maker."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from bling_sync.models import WebhookEvent
from plumbing import sql

# How long after its push an event may come and still be taken for its echo; measured: up to 22 seconds.
WITHIN = timedelta(minutes=10)
# Where an event's own date can be trusted it says more: a push whose echo got lost must not take that of a later one.
# Those that fall into the call itself (a date has no fractions of a second) are paired first. For the rest Bling's
# clock and ours may differ by `SOONER`, and a call with the booking that it asks for takes no longer than `LATER`.
ROUNDED = timedelta(seconds=2)
SOONER, LATER = timedelta(minutes=1), timedelta(seconds=45)
# A date farther from its arrival is one of another time zone, or of no clock at all.
BELIEVED = timedelta(hours=1)

_HEARD = """
SELECT id, operation, quantity, received_at, happened_at FROM bling_sync_webhookevent
WHERE shop_id = %s AND product_id = %s AND claimed_by IS NULL AND operation <> ''
    AND received_at > clock_timestamp() - 2 * %s::interval
ORDER BY received_at, id
"""
# One event per call, however many sales it carried. What the merchant says is in Bling may have been booked there by
# hand, so it takes no event. Bling had booked out an order that it imported some time before we found it so; its event
# may come a moment later.
_OURS = """
SELECT p.id, CASE p.kind WHEN 'sale' THEN 'S' ELSE 'E' END, p.quantity - p.cancelled + p.carries, p.sending_at,
    p.effect_at
FROM bling_sync_push AS p
WHERE p.shop_id = %s AND p.product_id = %s AND p.state IN ('sent', 'settled') AND p.mode <> 'observe'
    AND p.carried_by IS NULL AND p.evidence <> 'merchant' AND p.sending_at > clock_timestamp() - 2 * %s::interval
    AND NOT EXISTS (SELECT 1 FROM bling_sync_webhookevent AS c WHERE c.shop_id = p.shop_id AND c.claimed_by = p.id)
UNION ALL
SELECT p.id, 'S', p.quantity - p.cancelled, p.effect_at - interval '5 minutes', p.effect_at
FROM bling_sync_push AS p
WHERE p.shop_id = %s AND p.product_id = %s AND p.state = 'sent' AND p.mode = 'observe' AND NOT p.by_reservation
    AND p.evidence <> 'merchant'
    AND NOT EXISTS (SELECT 1 FROM bling_sync_webhookevent AS c WHERE c.shop_id = p.shop_id AND c.claimed_by = p.id)
ORDER BY 4, 1
"""


class Movement(NamedTuple):
    """A push of ours, sent at `at` and in Bling by `said_at`; or an event that came at `at` and says `said_at`."""

    id: int
    operation: str
    units: Decimal
    at: datetime
    said_at: datetime | None = None


def match_events(shop_id: int, product_id: int, bling_id: int) -> None:
    """Match a product's sent pushes with their events: the oldest push gets the oldest event that fits."""
    heard = [Movement(*row) for row in sql.rows(_HEARD, [shop_id, bling_id, WITHIN])]
    if not heard:
        return
    ours = [Movement(*row) for row in sql.rows(_OURS, [shop_id, product_id, WITHIN, shop_id, product_id])]
    for event_id, push_id in pairs(ours, heard):
        WebhookEvent.objects.filter(shop_id=shop_id, pk=event_id).update(claimed_by=push_id)


def pairs(ours: Iterable[Movement], heard: Sequence[Movement]) -> list[tuple[int, int]]:
    """Which event is the echo of which push: (event, push)."""
    left, free, found = list(ours), list(heard), []
    # All certain pairs before any doubtful one, or a push whose echo got lost would take a certain push's.
    for fits in (_is_of_that_moment, _may_be_echo):
        for push in list(left):
            alike = (e for e in free if (e.operation, e.units) == (push.operation, push.units))
            echo = next((event for event in alike if fits(push, event)), None)
            if echo is not None:
                free.remove(echo)
                left.remove(push)
                found.append((echo.id, push.id))
    return found


def _is_of_that_moment(push: Movement, event: Movement) -> bool:
    if not _is_believed(event) or event.at < push.at or event.said_at is None or push.said_at is None:
        return False
    return push.at - ROUNDED <= event.said_at <= push.said_at + ROUNDED


def _may_be_echo(push: Movement, event: Movement) -> bool:
    if event.at < push.at:
        return False
    if event.said_at is None or not _is_believed(event):
        return event.at <= push.at + WITHIN
    return push.at - SOONER <= event.said_at <= push.at + LATER


def _is_believed(event: Movement) -> bool:
    return event.said_at is not None and abs(event.at - event.said_at) <= BELIEVED
