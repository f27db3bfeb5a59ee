"""The tables of the stock.

Only :mod:`reservations.engine` writes stock items, movements, reservations and shortfalls; everything else reads.
Every tenant's row carries its shop, and every unique constraint on such a row includes it.
"""

from .api_key import ApiKey, hash_key
from .cart import Cart
from .heartbeat import Heartbeat
from .idempotency import IdempotencyRecord
from .reservation import Reservation, Status
from .shop import Shop
from .shortfall import Shortfall
from .stock import MovementKind, StockItem, StockMovement

__all__ = [
    "ApiKey",
    "Cart",
    "Heartbeat",
    "IdempotencyRecord",
    "MovementKind",
    "Reservation",
    "Shop",
    "Shortfall",
    "Status",
    "StockItem",
    "StockMovement",
    "hash_key",
]
