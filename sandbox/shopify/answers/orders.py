"""An order's lists: lines, refunds, returns, and what became of each unit that came back."""

from typing import Any

from graphql import GraphQLError

from sandbox.shopify.answers.resolvers import Context, connection, field
from sandbox.shopify.cursors import Connection
from sandbox.shopify.entities import Order, Refund, Return, ReverseFulfillmentOrder

RETURNS = "read_returns"


@field("Order.lineItems")
def lines(order: Order, context: Context, **arguments: Any) -> Connection:
    """An order's lines."""
    return connection(context, order.lines, arguments)


@field("Order.refunds")
def refunds(order: Order, context: Context, first: int | None = None, **_: Any) -> list[Refund]:
    """An order's refunds."""
    return order.refund_list[:first]


@field("Refund.refundLineItems")
def refund_lines(refund: Refund, context: Context, **arguments: Any) -> Connection:
    """A refund's lines."""
    return connection(context, refund.lines, arguments)


@field("Refund.return")
def return_of(refund: Refund, context: Context) -> Return | None:
    """The return that a refund was made for."""
    return next((known for known in context.store.returns.values() if refund in known.refund_list), None)


@field("PaymentTerms.paymentSchedules")
def schedules(terms: dict[str, Any], context: Context, **arguments: Any) -> Connection:
    """When the payments are due."""
    return connection(context, terms["schedules"], arguments)


@field("Order.returns")
def returns(order: Order, context: Context, query: str | None = None, **arguments: Any) -> Connection:
    """An order's returns. Raises GraphQLError without the scope for them."""
    if RETURNS not in context.store.rules.scopes:
        message = f"Access denied for returns field. Required access: `{RETURNS}` access scope."
        raise GraphQLError(message, extensions={"code": "ACCESS_DENIED"})
    return connection(context, context.store.returns_of(order), arguments)


@field("Order.returnStatus")
def return_status(order: Order, context: Context) -> str:
    """How far an order's returns are."""
    found = context.store.returns_of(order)
    if not found:
        return "NO_RETURN"
    return "IN_PROGRESS" if any(made.status == "OPEN" for made in found) else "RETURNED"


@field("Return.returnLineItems")
def return_lines(found: Return, context: Context, **arguments: Any) -> Connection:
    """What is to come back."""
    return connection(context, found.lines, arguments)


@field("Return.exchangeLineItems")
def exchange_lines(found: Return, context: Context, **arguments: Any) -> Connection:
    """What the customer gets instead."""
    return connection(context, found.exchanges, arguments)


@field("Return.refunds")
def refunds_of_return(found: Return, context: Context, **arguments: Any) -> Connection:
    """The refunds made for a return."""
    return connection(context, found.refund_list, arguments)


@field("Return.reverseFulfillmentOrders")
def reverse_orders(found: Return, context: Context, **arguments: Any) -> Connection:
    """Who receives what of a return."""
    return connection(context, found.reverse_orders, arguments)


@field("ReverseFulfillmentOrder.lineItems")
def reverse_lines(found: ReverseFulfillmentOrder, context: Context, **arguments: Any) -> Connection:
    """What is received, with its dispositions."""
    return connection(context, found.lines, arguments)
