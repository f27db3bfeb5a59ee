"""Reservations: who holds what until when, how it ended and why, and what a merchant can do about it."""

from .actions import prolong, release
from .holds_page import reservation, reservations

__all__ = ["prolong", "release", "reservation", "reservations"]
