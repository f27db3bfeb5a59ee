"""Paid items without a unit: which orders they are, why, and what a merchant can do about them."""

from .shortfall_actions import decide, use_free_units
from .shortfalls_page import shortfalls

__all__ = ["decide", "shortfalls", "use_free_units"]
