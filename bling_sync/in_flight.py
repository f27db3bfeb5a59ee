"""Computes which sales a reading of Bling's cannot show, so that `available` is never too high.

Every doubt goes against selling. A sale counts until a reading began the grace time after Bling surely had it: while it
is pending, on its way, lost, or refused. A return is the other way round: it counts (as units that may
be sold though Bling does not show them) only while nothing of it can be in Bling, that is while it is pending.

A sale that Bling imports by itself (`observe`) shows first as a reservation: the virtual balance falls below the
physical one. Bling does not say whether an account's orders reserve, so the reading itself has to: of our orders' units
that only a reservation can show, those beyond the gap between the two balances are not in the reading.
"""

from datetime import datetime

from reservations.erp import Transaction, sold_since

from . import durations

_END_SHOWN = """
UPDATE bling_sync_push SET state = 'settled', ended_at = clock_timestamp()
WHERE shop_id = %s AND stock_item_id = %s AND state = 'sent' AND NOT by_reservation AND effect_at <= %s
"""
# In this order. `gap`: what all of Bling's orders reserve, by the very reading that is being applied; null without a
# product. `read_at`: when that reading began. `untold`: units that it cannot show, less pending returns, whose
# units are back on the shelf without Bling knowing. `reserved`: units of orders in Bling that only a
# reservation shows.
_UNITS = """
SELECT
    (SELECT floor(coalesce(p.physical - p.virtual, 0)) FROM bling_sync_product AS p
     JOIN bling_sync_connection AS c ON c.shop_id = p.shop_id AND c.state <> 'disconnected'
     WHERE p.shop_id = %(shop)s AND p.stock_item_id = %(item)s),
    (SELECT p.read_started_at FROM bling_sync_product AS p
     WHERE p.shop_id = %(shop)s AND p.stock_item_id = %(item)s),
    coalesce(sum(quantity - cancelled) FILTER (WHERE kind = 'sale' AND (
        state IN ('pending', 'sending', 'unknown', 'failed') OR (state = 'sent' AND effect_at > %(limit)s))), 0)
    - coalesce(sum(quantity - cancelled) FILTER (WHERE kind = 'return' AND state = 'pending'), 0),
    coalesce(sum(quantity - cancelled) FILTER (WHERE kind = 'sale' AND by_reservation AND (
        state = 'settled' OR (state = 'sent' AND effect_at <= %(limit)s))), 0)
FROM bling_sync_push
WHERE shop_id = %(shop)s AND stock_item_id = %(item)s
    AND (state NOT IN ('settled', 'cancelled') OR (state = 'settled' AND by_reservation))
"""
_END_RESERVED = """
UPDATE bling_sync_push SET state = 'settled', ended_at = clock_timestamp()
WHERE shop_id = %s AND stock_item_id = %s AND state = 'sent' AND by_reservation AND effect_at <= %s
"""


def units(tx: Transaction, shop_id: int, stock_item_id: int, read_started_at: datetime) -> int:
    """Net units sold that a reading begun at `read_started_at` cannot show; ends the pushes that it must show."""
    limit = read_started_at - durations.grace()
    tx.queue(_END_SHOWN, (shop_id, stock_item_id, limit))
    found = tx.fetch(_UNITS, {"shop": shop_id, "item": stock_item_id, "limit": limit})
    gap, read_at, untold, reserved = found[0]
    if gap is None:
        return sold_since(tx, shop_id, stock_item_id, read_started_at)
    # A count that is not Bling's (a person's) says nothing of what Bling's orders reserve.
    covered = int(gap) if read_at == read_started_at else 0
    if reserved and reserved <= covered:
        tx.queue(_END_RESERVED, (shop_id, stock_item_id, limit))
    return int(untold) + max(0, int(reserved) - max(0, covered))
