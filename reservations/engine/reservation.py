"""Reservation: one of them, by a committed read without a lock."""

from uuid import UUID

from .book import committed_reads
from .errors import UnknownReservation
from .values import Reservation

# MATERIALIZED reads the clock once: a hold that dies at this moment is alive, or dead, in all columns of its answer.
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


def reservation(shop_id: int, reservation_id: UUID) -> Reservation:
    """One reservation. Raises UnknownReservation, Busy and Unavailable."""
    with committed_reads() as statements:
        rows = statements.fetch(_HOLD, (shop_id, reservation_id))
    if not rows:
        raise UnknownReservation([(reservation_id, "unknown")])
    return Reservation(*rows[0])
