"""What customers send back, and what the merchant makes of it."""

from typing import Any

from sandbox.shopify import trade
from sandbox.shopify.control.shopify_panel import (
    line_of,
    order_with,
    panel,
    return_with,
    store_asked,
    store_of,
    store_order,
    variant_of,
)
from sandbox.shopify.entities import DISPOSITIONS, Return, ReturnLineItem
from sandbox.shopify.shopify import Shopify
from sandbox.stand_in.order_fields import no_content, order, refuse
from sandbox.web import Request, Response, json_response

ENDS = ("CLOSED", "CANCELED", "OPEN")


@panel("POST", "orders/{number:int}/return")
def open_return(shopify: Shopify, request: Request, number: int) -> Response:
    """A return is opened: lines [{sku or line_item_id, quantity}], exchanges [{sku, quantity}]: returns/approve.

    `confirms`: the exchanges are lines of the order at once; `at_till`: a till takes back and hands over in one act.
    """
    with store_order(shopify, request) as (body, store):
        found = order_with(store, number)
        lines = [(line_of(found, row), int(row.get("quantity", 1))) for row in body["lines"]]
        exchanges = [(variant_of(store, row), int(row.get("quantity", 1))) for row in body.get("exchanges", ())]
        if body.get("at_till"):
            made = trade.exchange_at_till(shopify, store, found, lines, exchanges)
        else:
            made = trade.open_return(shopify, store, found, lines, exchanges, confirms=bool(body.get("confirms")))
    return json_response(201, _return(made))


@panel("POST", "returns/{number:int}/process")
def process(shopify: Shopify, request: Request, number: int) -> Response:
    """What became of units: lines [{return_line_item_id, dispositions {kind: units}, refund}]: returns/process.

    `refund`: the restock type of a refund made with it. The exchanges are confirmed, unless `confirms` is false.
    """
    with store_order(shopify, request) as (body, store):
        made = return_with(store, number)
        rows = [_processing(made, row) for row in body["lines"]]
        trade.process(shopify, store, made, rows, confirms=bool(body.get("confirms", True)))
    return no_content()


@panel("POST", "returns/{number:int}/dispose")
def dispose(shopify: Shopify, request: Request, number: int) -> Response:
    """Units that needed processing are done: return_line_item_id, kind, quantity: reverse_.../dispose."""
    with store_order(shopify, request) as (body, store):
        made = return_with(store, number)
        kind, units = _kind(body.get("kind", "RESTOCKED")), int(body.get("quantity", 1))
        trade.dispose(shopify, store, made, _line_of(made, body), kind, units)
    return no_content()


@panel("POST", "returns/{number:int}/refund")
def pay_back(shopify: Shopify, request: Request, number: int) -> Response:
    """Money for units of a return: return_line_item_id, quantity, kind (return, no_restock): refunds/create."""
    with store_order(shopify, request) as (body, store):
        made = return_with(store, number)
        kind, units = str(body.get("kind", "return")), int(body.get("quantity", 1))
        trade.pay_back(shopify, store, made, _line_of(made, body), kind, units)
    return no_content()


@panel("POST", "returns/{number:int}/end")
def end(shopify: Shopify, request: Request, number: int) -> Response:
    """A return is ended or opened again: status CLOSED, CANCELED or OPEN: returns/close, /cancel, /reopen."""
    body = order(request)
    status = body.get("status", "CLOSED")
    if status not in ENDS:
        raise refuse(f"status is one of {', '.join(ENDS)}")
    with shopify.lock:
        store = store_of(shopify, body)
        trade.end(shopify, store, return_with(store, number), status)
    return no_content()


@panel("GET", "returns")
def returns(shopify: Shopify, request: Request) -> Response:
    """Every return with its lines and what became of them."""
    with shopify.lock:
        found = [_return(known) for known in store_asked(shopify, request).returns.values()]
    return json_response(200, {"returns": found})


def _processing(made: Return, row: dict[str, Any]) -> trade.Processing:
    dispositions = {_kind(kind): int(units) for kind, units in row["dispositions"].items()}
    return trade.Processing(_line_of(made, row), dispositions, row.get("refund"))


def _line_of(made: Return, row: dict[str, Any]) -> ReturnLineItem:
    number = row.get("return_line_item_id")
    for line in made.lines:
        if number in (line.number, None):
            return line
    raise refuse(f"no such line of the return: {number}")


def _kind(name: str) -> str:
    if name not in DISPOSITIONS:
        raise refuse(f"a disposition is one of {', '.join(DISPOSITIONS)}")
    return name


def _return(found: Return) -> dict[str, Any]:
    lines = [
        {
            "return_line_item_id": line.number,
            "line_item_id": line.line.number,
            "quantity": line.quantity,
            "processed_quantity": line.processed_quantity,
            "refunded_quantity": line.refunded_quantity,
        }
        for line in found.lines
    ]
    exchanged = [line.number for one in found.exchanges for line in one.line_items]
    return {
        "id": found.number,
        "order_id": found.order.number,
        "status": found.status,
        "lines": lines,
        "exchanged_line_item_ids": exchanged,
        "reverse_fulfillment_order_ids": [known.number for known in found.reverse_orders],
    }
