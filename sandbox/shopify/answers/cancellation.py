"""Cancelling an order."""

from typing import Any

from sandbox.shopify import trade
from sandbox.shopify.answers.resolvers import Context, field, user_error
from sandbox.shopify.entities import Order, gid


@field("Mutation.orderCancel")
def cancel(_: Any, context: Context, order_id: str, *, reason: str, restock: bool, **__: Any) -> dict[str, Any]:
    """Cancel an order; the webhook tells when it is done."""
    order = context.store.find(order_id)
    if not isinstance(order, Order):
        return _refused("Order does not exist", "NOT_FOUND")
    if order.cancelled is not None:
        return _refused("Order has already been cancelled", "INVALID")
    trade.cancel(context.shopify, context.store, order, reason=reason.lower(), restock=restock)
    job = {"id": gid("Job", next(context.store.ids)), "done": False}
    return {"job": job, "orderCancelUserErrors": [], "userErrors": []}


def _refused(message: str, code: str) -> dict[str, Any]:
    error = user_error(message, "orderId", code=code)
    return {"job": None, "orderCancelUserErrors": [error], "userErrors": [error]}
