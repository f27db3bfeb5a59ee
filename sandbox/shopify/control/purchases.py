"""What buyers do: fill carts and buy; and what becomes of their orders' payment, units and money."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from sandbox.shopify import payloads, trade
from sandbox.shopify.control.shopify_panel import line_of, order_with, panel, store_asked, store_order, variant_of
from sandbox.shopify.entities import PAYMENTS, Order, stamp
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.store import Store
from sandbox.stand_in.order_fields import no_content, refuse
from sandbox.web import Request, Response, json_response


@panel("POST", "carts")
def change_cart(shopify: Shopify, request: Request) -> Response:
    """A cart changes: token, lines [{sku, quantity, properties}], is_new; carts/create or carts/update."""
    with store_order(shopify, request) as (body, store):
        token = str(body.get("token") or uuid4().hex)
        lines = [dict(row, variant=variant_of(store, row), quantity=row.get("quantity", 1)) for row in body["lines"]]
        now = stamp(store.now()) or ""
        payload = payloads.cart(store, token, lines, str(body.get("created_at", now)), str(body.get("updated_at", now)))
        shopify.webhooks.send(store, "carts/create" if body.get("is_new") else "carts/update", payload)
    return json_response(201, {"token": token})


@panel("POST", "orders")
def buy(shopify: Shopify, request: Request) -> Response:
    """Somebody buys: lines [{sku, quantity, properties, bundle, custom}], attributes, cart_token, source, test, ...

    `paid` (default true), or `payment` with one of Shopify's states; `gateways`; `terms_due` in seconds from now.
    `location`: the id of another one. A line that is `custom` has a SKU and no variant.
    """
    with store_order(shopify, request) as (body, store):
        made = trade.buy(shopify, store, [_wanted(store, row) for row in body["lines"]], _circumstances(store, body))
    return json_response(201, _order(made))


@panel("POST", "orders/{number:int}/pay")
def pay(shopify: Shopify, request: Request, number: int) -> Response:
    """The money for an order comes: orders/paid. Or `payment` becomes another of Shopify's states."""
    with store_order(shopify, request) as (body, store):
        trade.set_payment(shopify, store, order_with(store, number), _payment(body.get("payment", "PAID")))
    return no_content()


@panel("POST", "orders/{number:int}/fulfil")
def fulfil(shopify: Shopify, request: Request, number: int) -> Response:
    """Units leave: lines [{sku or line_item_id, quantity}], all that is left without: orders/updated."""
    with store_order(shopify, request) as (body, store):
        found = order_with(store, number)
        named = [(line_of(found, row), int(row.get("quantity", 1))) for row in body.get("lines", ())]
        left = [(line, line.unfulfilled_quantity) for line in found.lines if line.unfulfilled_quantity]
        trade.fulfil(shopify, store, found, named or left)
    return no_content()


@panel("POST", "orders/{number:int}/cancel")
def cancel(shopify: Shopify, request: Request, number: int) -> Response:
    """An order is cancelled: reason, restock (default true): refunds/create and orders/cancelled.

    Without `records_refund` (default true) only the lines' current quantities say so.
    """
    with store_order(shopify, request) as (body, store):
        found = order_with(store, number)
        how = {name: bool(body.get(name, True)) for name in ("restock", "records_refund")}
        trade.cancel(shopify, store, found, reason=str(body.get("reason", "customer")), **how)
    return no_content()


@panel("POST", "orders/{number:int}/refund")
def refund(shopify: Shopify, request: Request, number: int) -> Response:
    """Units are refunded: lines [{sku or line_item_id, quantity}], kind (return, cancel, no_restock)."""
    with store_order(shopify, request) as (body, store):
        found = order_with(store, number)
        lines = [(line_of(found, row), row.get("quantity", 1)) for row in body["lines"]]
        made = trade.refund(shopify, store, found, lines, str(body.get("kind", "return")))
    return json_response(201, {"id": made.number})


@panel("POST", "orders/{number:int}/edit")
def edit(shopify: Shopify, request: Request, number: int) -> Response:
    """The merchant edits an order: sku or line_item_id, delta; with `add`, a new line of that sku: orders/edited."""
    with store_order(shopify, request) as (body, store):
        found = order_with(store, number)
        target = variant_of(store, body) if body.get("add") else line_of(found, body)
        line = trade.edit(shopify, store, found, target, int(body.get("delta", 1)))
    return json_response(201, {"line_item_id": line.number})


@panel("GET", "orders")
def orders(shopify: Shopify, request: Request) -> Response:
    """Every order, as its webhook shows it."""
    with shopify.lock:
        found = [_order(known) for known in store_asked(shopify, request).orders.values()]
    return json_response(200, {"orders": found})


def _order(found: Order) -> dict[str, Any]:
    return payloads.order(found)


def _wanted(store: Store, row: dict[str, Any]) -> trade.Wanted:
    variant = None if row.get("custom") else variant_of(store, row)
    quantity, properties = int(row.get("quantity", 1)), row.get("properties") or {}
    return trade.Wanted(variant, quantity, properties, sku=row.get("sku"), bundle=row.get("bundle"))


def _circumstances(store: Store, body: dict[str, Any]) -> trade.Circumstances:
    due = body.get("terms_due")
    return trade.Circumstances(
        attributes=body.get("attributes", {}),
        cart_token=body.get("cart_token"),
        payment=_payment(body.get("payment", "PAID" if body.get("paid", True) else "PENDING")),
        gateways=tuple(body.get("gateways", ())),
        terms_due=None if due is None else store.now() + timedelta(seconds=float(due)),
        source=str(body.get("source", "web")),
        location=store.locations.get(body.get("location", 0)),
        test=bool(body.get("test", False)),
    )


def _payment(name: str) -> str:
    if name not in PAYMENTS:
        raise refuse(f"payment is one of {', '.join(PAYMENTS)}")
    return name
