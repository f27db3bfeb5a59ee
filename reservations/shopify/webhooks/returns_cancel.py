"""``returns/cancel``: what an exchange had added to the order goes with it."""

from .return_event import handler

__all__ = ["handler"]
