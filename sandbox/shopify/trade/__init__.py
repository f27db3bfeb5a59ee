"""What buyers and merchants do. Each act moves inventory in :mod:`.shelf` and sends its webhooks.

:mod:`.purchase` places orders, :mod:`.order_changes` is what becomes of them, :mod:`.returns` what comes back.
"""

from sandbox.shopify.trade.order_changes import RESTOCKING, cancel, edit, fulfil, pay, refund, set_payment
from sandbox.shopify.trade.purchase import Circumstances, Wanted, buy
from sandbox.shopify.trade.returns import (
    Processing,
    dispose,
    end,
    exchange_at_till,
    open_return,
    pay_back,
    process,
)
from sandbox.shopify.trade.shelf import correct

__all__ = [
    "RESTOCKING",
    "Circumstances",
    "Processing",
    "Wanted",
    "buy",
    "cancel",
    "correct",
    "dispose",
    "edit",
    "end",
    "exchange_at_till",
    "fulfil",
    "open_return",
    "pay",
    "pay_back",
    "process",
    "refund",
    "set_payment",
]
