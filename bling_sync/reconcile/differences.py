"""Compares a reading with what the one before led us to expect, and names the cause of what differs."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models.functions import Now

from bling_sync import durations
from bling_sync.models import Cause, Connection, Difference, Product
from bling_sync.resources.balances import Balance
from plumbing import sql
from reservations.engine import Counted

from . import causes, heard_events

# Our own pushes between two readings: what they surely moved, and the least and the most that the doubtful ones may
# have moved besides. One is surely in a reading that began the grace time after its effect, and surely not in one
# that had ended before it was sent.
_OURS = """
WITH near AS (
    SELECT id FROM bling_sync_push WHERE shop_id = %(shop)s AND stock_item_id = %(item)s
        AND (state NOT IN ('settled', 'cancelled') OR (state = 'settled' AND by_reservation))
    UNION
    SELECT id FROM bling_sync_push WHERE shop_id = %(shop)s AND product_id = %(product)s
        AND sending_at > %(then)s::timestamptz - %(grace)s - interval '1 hour'
), own AS (
    SELECT (quantity - cancelled) * CASE kind WHEN 'sale' THEN -1 ELSE 1 END AS units,
        state IN ('sent', 'settled') AND effect_at + %(grace)s <= %(then)s AS in_old,
        mode <> 'observe' AND (sending_at IS NULL OR sending_at > %(then_ended)s) AS after_old,
        state IN ('sent', 'settled') AND effect_at + %(grace)s <= %(now)s AND NOT by_reservation AS in_new,
        mode <> 'observe' AND state = 'pending' AS told_nobody
    FROM bling_sync_push
    WHERE shop_id = %(shop)s AND id IN (SELECT id FROM near) AND state NOT IN ('cancelled', 'failed')
), doubtful AS (
    SELECT units FROM own WHERE NOT in_old AND NOT told_nobody AND NOT (after_old AND in_new)
)
SELECT
    (SELECT coalesce(sum(units), 0) FROM own WHERE after_old AND in_new AND NOT in_old),
    (SELECT coalesce(sum(units) FILTER (WHERE units < 0), 0) FROM doubtful),
    (SELECT coalesce(sum(units) FILTER (WHERE units > 0), 0) FROM doubtful)
"""
_IN_FLIGHT = """
INSERT INTO bling_sync_difference (shop_id, stock_item_id, cause, expected, bling, short, seen_at)
SELECT i.shop_id, i.id, 'in_flight', %(bling)s - i.in_flight, %(bling)s, %(short)s, clock_timestamp()
FROM reservations_stockitem AS i WHERE i.shop_id = %(shop)s AND i.id = %(item)s AND i.in_flight <> 0
ON CONFLICT (shop_id, stock_item_id) WHERE cause = 'in_flight' AND resolved_at IS NULL
DO UPDATE SET expected = excluded.expected, bling = excluded.bling, short = excluded.short
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """The reading before."""

    physical: Decimal | None
    virtual: Decimal | None
    started_at: datetime | None
    ended_at: datetime | None


def note_difference(
    known: Connection, product: Product, before: Reading, now: Balance, started: datetime, counted: Counted
) -> None:
    """Write down what differs: our own sales on their way, and whatever anybody else did."""
    short = max(0, -counted.available)
    facts = {"bling": now.virtual, "short": short, "shop": known.shop_id, "item": product.stock_item_id}
    if not sql.rows(_IN_FLIGHT, facts):
        rows = Difference.objects.filter(
            shop_id=known.shop_id, stock_item_id=product.stock_item_id or 0, cause=Cause.IN_FLIGHT
        )
        rows.filter(resolved_at__isnull=True).update(resolved_at=Now())
    if before.virtual is None or before.started_at is None:
        return
    surely, least, most = _ours(product, before, started)
    moved = now.virtual - before.virtual - surely
    if least <= moved <= most:
        return
    booked = before.physical is None or not least <= now.physical - before.physical - surely <= most
    Difference.objects.create(
        shop_id=known.shop_id,
        stock_item_id=product.stock_item_id or 0,
        cause=causes.cause(heard_events.between(product, before.started_at, moved), moved=moved, booked=booked),
        expected=before.virtual + surely,
        bling=now.virtual,
        short=short,
        seen_at=Now(),
    )


def _ours(product: Product, before: Reading, started: datetime) -> tuple[Decimal, Decimal, Decimal]:
    facts = {
        "grace": durations.grace(),
        "then": before.started_at,
        "then_ended": before.ended_at or before.started_at,
        "now": started,
        "shop": product.shop_id,
        "product": product.pk,
        "item": product.stock_item_id,
    }
    surely, least, most = sql.one_row(_OURS, facts)
    return Decimal(surely), Decimal(least), Decimal(most)
