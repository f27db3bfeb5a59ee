"""``returns/update``: a line was taken out of a return, or its exchange was."""

from .return_event import handler

__all__ = ["handler"]
