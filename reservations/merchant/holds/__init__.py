"""Reservations: their carts, units and ends, why each ended so, and what a merchant can do about it."""

from .actions import extend_by_hand, release
from .holds_page import reservation, reservations

__all__ = ["extend_by_hand", "release", "reservation", "reservations"]
