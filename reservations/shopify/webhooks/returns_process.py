"""``returns/process``: units came back, onto the shelf or not, and those of an exchange go out."""

from .return_event import handler

__all__ = ["handler"]
