"""Asks which sales a reading of Bling's does not show, so that `available` is never too high and hides no unit.

:mod:`bling_sync.reconcile.shown_units` judges; this gathers what is known, under the lock of the stock row, and writes
down what the judgement ends.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from reservations.erp import InFlight, Transaction, sold_since

from . import durations
from .models import Mode, PushKind, PushState
from .outbox.observe import GID
from .reconcile.shown_units import Account, Base, Judgement, Knowledge, OpenPush, Others, Reading, judge

# The product that feeds the item, with what others did since its base:
# `told`: units that they took, net. Of the events that no push of ours has claimed, we leave out one for each push like
# it that may still claim it, as an order that Bling reserves for us may when it is invoiced; another shop's push on the
# same company counts once, whether or not its event came.
# The last balance that was set. And whether an event does not say how many: a movement that was deleted; more changes
# of what orders reserve than we made; or, where Bling imports our orders, an order of another channel.
# `known` is materialized, so that every part judges by the same moment. A push that claimed its event claims no other;
# looking one hour back for that event keeps the scan short. An event is one call's, whatever sales it carried.
_PRODUCT = """
WITH known AS MATERIALIZED (
    SELECT p.id, p.bling_id, p.physical, p.virtual, p.read_started_at, p.base_virtual, p.base_physical,
        coalesce(p.others_since, p.read_started_at - %(grace)s) AS since, p.others_seen, p.undecided_since,
        c.mode, c.company_id, c.deposit_id, clock_timestamp() AS now
    FROM bling_sync_product AS p
    JOIN bling_sync_connection AS c ON c.shop_id = p.shop_id AND c.state <> 'disconnected'
    WHERE p.shop_id = %(shop)s AND p.stock_item_id = %(item)s
), heard AS (
    SELECT e.event, e.operation, e.quantity, e.received_at
    FROM known AS k JOIN bling_sync_webhookevent AS e
        ON e.shop_id = %(shop)s AND e.product_id = k.bling_id AND e.received_at > k.since AND e.claimed_by IS NULL
        AND (e.deposit_id IS NULL OR e.deposit_id = k.deposit_id)
), moved AS (
    SELECT operation, quantity, count(*) AS heard, 0 AS ours, 0 AS theirs FROM heard
    WHERE operation IN ('S', 'E') GROUP BY operation, quantity
    UNION ALL
    SELECT CASE p.kind WHEN 'sale' THEN 'S' ELSE 'E' END, p.quantity - p.cancelled + p.carries, 0, 1, 0
    FROM bling_sync_push AS p
    WHERE p.shop_id = %(shop)s AND p.stock_item_id = %(item)s AND p.carried_by IS NULL
        AND (p.state IN ('sending', 'sent') OR (p.state = 'settled' AND p.by_reservation))
        AND p.id NOT IN (SELECT e.claimed_by
            FROM known AS k JOIN bling_sync_webhookevent AS e ON e.shop_id = %(shop)s AND e.product_id = k.bling_id
                AND e.received_at > k.now - interval '1 hour' AND e.claimed_by IS NOT NULL)
        AND EXISTS (SELECT FROM heard AS h WHERE h.quantity = p.quantity - p.cancelled + p.carries
            AND h.operation = CASE p.kind WHEN 'sale' THEN 'S' ELSE 'E' END
            AND h.received_at >= coalesce(p.sending_at, p.created_at))
    UNION ALL
    SELECT CASE p.kind WHEN 'sale' THEN 'S' ELSE 'E' END, p.quantity - p.cancelled + p.carries, 0, 0, 1
    FROM known AS k
    JOIN bling_sync_connection AS c ON c.company_id = k.company_id AND c.company_id <> '' AND c.shop_id <> %(shop)s
    JOIN bling_sync_product AS q ON q.shop_id = c.shop_id AND q.bling_id = k.bling_id
    JOIN bling_sync_push AS p ON p.shop_id = q.shop_id AND p.product_id = q.id AND p.mode <> 'observe'
        AND p.carried_by IS NULL AND p.state IN ('sending', 'sent', 'settled', 'unknown') AND p.sending_at > k.since
), told AS (
    SELECT operation, quantity * greatest(sum(heard) - sum(ours), sum(theirs)) AS units
    FROM moved GROUP BY operation, quantity
)
SELECT k.id, k.physical, k.virtual, k.read_started_at, k.base_virtual, k.base_physical, k.since, k.others_seen,
    k.undecided_since, k.mode, k.now,
    (SELECT coalesce(sum(CASE operation WHEN 'S' THEN units ELSE -units END), 0) FROM told),
    (SELECT quantity FROM heard WHERE operation = 'B' ORDER BY received_at DESC LIMIT 1),
    EXISTS (SELECT FROM heard WHERE event = 'stock.deleted')
    OR (k.mode = 'movement' AND (SELECT count(*) FROM heard WHERE event = 'virtual_stock.updated') > (
        SELECT count(*) FROM bling_sync_push AS p WHERE p.shop_id = %(shop)s AND p.product_id = k.id
            AND p.carried_by IS NULL AND p.sending_at > k.since - %(grace)s))
    OR (k.mode = 'observe' AND EXISTS (
        SELECT FROM bling_sync_webhookevent AS e
        WHERE e.shop_id = %(shop)s AND e.event = 'order.created' AND e.received_at > k.since AND NOT EXISTS (
            SELECT FROM bling_sync_push AS p WHERE p.shop_id = e.shop_id AND e.store_number <> ''
                AND p.order_id IN (e.store_number, '#' || e.store_number, %(gid)s || e.store_number))))
FROM known AS k
"""
# What is not sent yet needs no row of its own: it may be thousands of sales while Bling is away. Nor do settled sales
# that only a reservation shows, which we watch until Bling books them. An order that Bling only reserves has no
# event of stock before its invoice: until then it counts as echoed.
_PUSHES = """
SELECT id, kind, mode, state, quantity - cancelled, by_reservation, sending_at, coalesce(effect_at, unknown_at),
    (mode = 'observe' AND by_reservation) OR coalesce(carried_by, id) IN (SELECT e.claimed_by
        FROM bling_sync_product AS q JOIN bling_sync_webhookevent AS e
        ON e.shop_id = q.shop_id AND e.product_id = q.bling_id AND e.claimed_by IS NOT NULL
        AND e.received_at > %(started)s::timestamptz - interval '1 hour' AND e.received_at <= %(started)s
        WHERE q.shop_id = %(shop)s AND q.stock_item_id = %(item)s)
FROM bling_sync_push AS p
WHERE shop_id = %(shop)s AND stock_item_id = %(item)s AND state NOT IN (
    'settled', 'cancelled', 'pending', 'failed', 'withheld')
UNION ALL
SELECT 0, kind, mode, state, sum(quantity - cancelled), by_reservation, NULL, NULL, FALSE
FROM bling_sync_push
WHERE shop_id = %(shop)s AND stock_item_id = %(item)s AND (
    state IN ('pending', 'failed', 'withheld') OR (state = 'settled' AND by_reservation))
GROUP BY kind, mode, state, by_reservation
"""
# A push that another transaction has taken further since we read it keeps its new state.
_SHOWN = """
UPDATE bling_sync_push SET state = 'settled', ended_at = clock_timestamp()
WHERE shop_id = %s AND id = ANY(%s) AND state = 'sent'
"""
# `base_at` names the last reading that decided. What others moved belongs to that one alone: a later reading that does
# not decide clears it.
_BASE = """
UPDATE bling_sync_product
SET base_virtual = %(virtual)s, base_physical = %(physical)s, others_since = %(since)s, others_seen = %(seen)s,
    undecided_since = %(undecided)s, base_at = CASE WHEN %(decided)s THEN read_started_at ELSE base_at END,
    others_virtual = CASE WHEN %(decided)s THEN %(others_virtual)s::numeric END,
    others_physical = CASE WHEN %(decided)s THEN %(others_physical)s::numeric END
WHERE shop_id = %(shop)s AND id = %(product)s
"""
# We took this order's units for shown, and they have come back: it may be cancelled, so a worker asks Bling at once.
_LOOK_AGAIN = """
UPDATE bling_sync_push SET next_attempt_at = least(next_attempt_at, clock_timestamp())
WHERE shop_id = %s AND stock_item_id = %s AND state = 'settled' AND by_reservation
"""


class _Product(NamedTuple):
    """A row of _PRODUCT."""

    id: int
    physical: Decimal | None
    virtual: Decimal | None
    read_started_at: datetime | None
    base_virtual: Decimal | None
    base_physical: Decimal | None
    others_since: datetime | None
    others_seen: Decimal | None
    undecided_since: datetime | None
    mode: str
    now: datetime
    told: Decimal
    set_to: Decimal | None
    is_unsized: bool

    @property
    def base(self) -> Base | None:
        """The base, if a reading ever became it."""
        if self.base_virtual is None or self.base_physical is None or self.others_since is None:
            return None
        seen = self.others_seen or Decimal(0)
        return Base(self.base_virtual, self.base_physical, self.others_since, seen, self.undecided_since)


class _Push(NamedTuple):
    """A row of _PUSHES; without its id it sums up those that nobody has sent."""

    id: int
    kind: str
    mode: str
    state: str
    units: int
    by_reservation: bool
    sending_at: datetime | None
    known_at: datetime | None
    is_echoed: bool


def in_flight(tx: Transaction, shop_id: int, stock_item_id: int, read_started_at: datetime) -> InFlight:
    """Net units sold that a reading begun at `read_started_at` does not show; ends the pushes that it shows."""
    facts = {"shop": shop_id, "item": stock_item_id, "grace": durations.grace(), "gid": GID}
    products = [_Product(*row) for row in tx.fetch(_PRODUCT, facts)]
    if not products:
        # No product of Bling's feeds this SKU, so no reading shows its sales: their age alone tells what a count has.
        return InFlight(sold_since(tx, shop_id, stock_item_id, read_started_at))
    rows = [_Push(*row) for row in tx.fetch(_PUSHES, {**facts, "started": read_started_at})]
    product = products[0]
    if product.read_started_at != read_started_at or product.virtual is None or product.physical is None:
        # A person's count says nothing of what Bling's orders reserve, and is no base for Bling's next reading.
        found = _judge(None, Reading(Decimal(0), Decimal(0), read_started_at, read_started_at), product, rows)
        return InFlight(found.in_flight, found.in_doubt, found.doubt_until)
    found = _judge(
        product.base, Reading(product.virtual, product.physical, read_started_at, product.now), product, rows
    )
    _write_down(tx, shop_id, stock_item_id, product, found)
    return InFlight(found.in_flight, found.in_doubt, found.doubt_until)


def _judge(base: Base | None, reading: Reading, product: _Product, rows: list[_Push]) -> Judgement:
    before = sum(row.units for row in rows if row.state == PushState.SETTLED)
    # After a change of mode pushes of the former one may be open, and one order that Bling imports is enough to make
    # the physical balance no witness of ours.
    observes = product.mode == Mode.OBSERVE or any(row.mode == Mode.OBSERVE for row in rows)
    return judge(
        base,
        reading,
        [_open(row, reading) for row in rows if row.state != PushState.SETTLED and _counts(row)],
        Others(Decimal(product.told), not product.is_unsized, product.set_to),
        grace=durations.grace(),
        account=Account(int(before), books_physically=not observes),
    )


def _counts(row: _Push) -> bool:
    """A return that Bling refused, or may have, is no unit that could be sold."""
    return row.kind == PushKind.SALE or row.state != PushState.FAILED


def _open(row: _Push, reading: Reading) -> OpenPush:
    units = int(row.units) if row.kind == PushKind.SALE else -int(row.units)
    # A call under way has no outcome yet; what was never sent has not even begun.
    at = row.known_at or row.sending_at or reading.started_at
    return OpenPush(row.id, units, _knowledge(row), at, row.is_echoed, row.by_reservation)


def _knowledge(row: _Push) -> Knowledge:
    if row.state == PushState.PENDING and row.mode == Mode.OBSERVE:
        return Knowledge.AWAITED
    known = {
        PushState.SENT: Knowledge.REACHED,
        PushState.SENDING: Knowledge.UNDER_WAY,
        PushState.UNKNOWN: Knowledge.LOST,
    }
    return known.get(PushState(row.state), Knowledge.OUT)


def _write_down(tx: Transaction, shop_id: int, stock_item_id: int, product: _Product, found: Judgement) -> None:
    if found.shown:
        tx.queue(_SHOWN, (shop_id, list(found.shown)))
    if found.look_again:
        tx.queue(_LOOK_AGAIN, (shop_id, stock_item_id))
    if found.base is None:
        return
    virtual, physical = found.unexplained or (None, None)
    base: dict[str, Any] = {
        "virtual": found.base.virtual,
        "physical": found.base.physical,
        "since": found.base.others_since,
        "seen": found.base.others_seen,
        "undecided": found.base.undecided_since,
        "decided": found.is_decided,
        "others_virtual": virtual,
        "others_physical": physical,
    }
    tx.queue(_BASE, {**base, "shop": shop_id, "product": product.id})
