"""Paid items without a unit: which orders they are, why, and what a merchant can do about them."""

from .shortfalls_page import resolved, shortfalls

__all__ = ["resolved", "shortfalls"]
