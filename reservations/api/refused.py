"""Reserving for a buyer, whose refusal the merchant can read about afterwards."""

from collections.abc import Sequence
from uuid import UUID

from reservations import engine, turned_away

from .stock_command import Holds


def reserve_or_count(
    shop_id: int, lines: Sequence[engine.Line], *, cart_token: UUID | None, idempotency: engine.Idempotency | None
) -> Holds:
    """`engine.reserve`, raising what it raises; that a buyer was told no is counted."""
    try:
        return engine.reserve(shop_id, lines, cart_token=cart_token, idempotency=idempotency)
    except (engine.OutOfStock, engine.CartLimitExceeded) as refusal:
        turned_away.count(shop_id, lines, refusal)
        raise
