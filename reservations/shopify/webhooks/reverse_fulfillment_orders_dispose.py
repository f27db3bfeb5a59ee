"""``reverse_fulfillment_orders/dispose``: somebody says what became of the units of a return."""

from .return_event import handler

__all__ = ["handler"]
