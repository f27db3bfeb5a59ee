"""Committed reads, without a lock."""

from uuid import UUID

from .book.transaction import reading_session
from .errors import UnknownReservation, UnknownSku
from .values import Hold, Stock

# One statement, so one moment: a dead hold's units are shown free, whether or not a job has written that down.
_STOCK = """
SELECT i.sku, i.on_hand, i.reserved - (
        SELECT coalesce(sum(r.quantity), 0) FROM reservations_reservation AS r
        WHERE r.shop_id = i.shop_id AND r.stock_item_id = i.id AND r.status = 'active'
            AND r.expires_at <= (SELECT clock_timestamp())
    ), i.in_flight, i.counted_at
FROM reservations_stockitem AS i WHERE i.shop_id = %s AND i.sku = %s
"""
# The clock is read once: a hold that dies while it is being read is either alive or dead, in all of its answer.
_HOLD = """
WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now)
SELECT r.id, i.sku, r.quantity,
    CASE WHEN r.status = 'active' AND r.expires_at <= clock.now THEN 'expired' ELSE r.status END,
    r.created_at, r.expires_at,
    CASE WHEN r.status = 'active' AND r.expires_at <= clock.now THEN r.expires_at ELSE r.ended_at END,
    r.order_id, r.cart_token
FROM reservations_reservation AS r
JOIN reservations_stockitem AS i ON i.id = r.stock_item_id AND i.shop_id = r.shop_id
CROSS JOIN clock
WHERE r.shop_id = %s AND r.id = %s
"""


def stock(shop_id: int, sku: str) -> Stock:
    """The numbers of one SKU. Raises UnknownSku, Busy and Unavailable."""
    with reading_session() as session:
        rows = session.fetch(_STOCK, (shop_id, sku))
    if not rows:
        raise UnknownSku(sku)
    return Stock(*rows[0])


def reservation(shop_id: int, reservation_id: UUID) -> Hold:
    """One reservation. Raises UnknownReservation, Busy and Unavailable."""
    with reading_session() as session:
        rows = session.fetch(_HOLD, (shop_id, reservation_id))
    if not rows:
        raise UnknownReservation([(reservation_id, "unknown")])
    return Hold(*rows[0])
