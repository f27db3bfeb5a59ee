"""The sweeper: finds in PostgreSQL what the broker forgot. One look per round, and a nudge for each shop with work."""

from collections.abc import Iterator
from typing import NamedTuple

from plumbing import sql

from . import durations
from .reconcile import reading_schedule as due_for_reading

# Each condition is that of the work itself: a wider one would wake a worker in vain every round, a narrower one would
# leave work undone for good.
_DUE = f"""
SELECT c.shop_id,
    EXISTS (SELECT 1 FROM bling_sync_push AS p WHERE p.shop_id = c.shop_id AND (
        (p.state = 'pending' AND p.next_attempt_at <= clock_timestamp())
        OR (p.state = 'sending' AND p.carried_by IS NULL AND p.sending_at < clock_timestamp() - %(dead)s)
        OR (p.state = 'unknown' AND p.mode = 'order' AND p.bling_order_id IS NULL AND p.escalated_at IS NULL
            AND p.unknown_at < clock_timestamp() - %(grace)s)
        OR (p.mode = 'observe' AND p.next_attempt_at <= clock_timestamp()
            AND (p.state = 'sent' OR (p.state = 'settled' AND p.by_reservation))))),
    c.reading_paused_at IS NULL AND (
        EXISTS (SELECT 1 FROM bling_sync_product AS p
            WHERE p.shop_id = c.shop_id AND p.read_due_at <= clock_timestamp())
        OR EXISTS ({due_for_reading.RIPE.format(shop="c.shop_id")})
        OR c.all_read_at < clock_timestamp() - interval '30 minutes')
    OR EXISTS (SELECT 1 FROM bling_sync_webhookevent AS e WHERE e.shop_id = c.shop_id AND e.processed_at IS NULL),
    EXISTS (SELECT 1 FROM bling_sync_importrun AS r WHERE r.shop_id = c.shop_id AND r.state = 'running'),
    EXISTS (SELECT 1 FROM bling_sync_importrun AS r WHERE r.shop_id = c.shop_id AND r.state IN ('applied', 'cancelled')
        AND r.undo_asked_at IS NOT NULL),
    c.setup_due_at IS NOT NULL AND c.setup_due_at <= clock_timestamp()
FROM bling_sync_connection AS c
WHERE c.state = 'connected' AND (c.wait_until IS NULL OR c.wait_until <= clock_timestamp()
    OR EXISTS (SELECT 1 FROM bling_sync_importrun AS r WHERE r.shop_id = c.shop_id AND r.state = 'running'
        AND r.cancel_asked_at IS NOT NULL))
ORDER BY c.shop_id
"""  # noqa: S608 - made of our own two texts


class Due(NamedTuple):
    """A shop, and which work of it is due."""

    shop_id: int
    push: bool
    read: bool
    importing: bool
    undoing: bool
    setup: bool


def due() -> Iterator[Due]:
    """The shops with work that is due."""
    for row in sql.rows(_DUE, {"dead": durations.sender_is_dead_after(), "grace": durations.grace()}):
        found = Due(*row)
        if any(found[1:]):
            yield found
