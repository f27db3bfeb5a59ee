"""What buyers do: fill carts, buy, pay; and what becomes of their orders."""

from typing import Any
from uuid import uuid4

from sandbox.shopify import payloads, trade
from sandbox.shopify.control.shopify_panel import line_of, order_with, panel, store_asked, store_of, variant_of
from sandbox.shopify.entities import Order, stamp
from sandbox.shopify.shopify import Shopify
from sandbox.stand_in.order_fields import no_content, order
from sandbox.web import Request, Response, json_response


@panel("POST", "carts")
def change_cart(shopify: Shopify, request: Request) -> Response:
    """A cart changes: token, lines [{sku, quantity, properties}], is_new; carts/create or carts/update."""
    body = order(request)
    with shopify.lock:
        store = store_of(shopify, body)
        token = str(body.get("token") or uuid4().hex)
        lines = [dict(row, variant=variant_of(store, row), quantity=row.get("quantity", 1)) for row in body["lines"]]
        now = stamp(store.now()) or ""
        payload = payloads.cart(store, token, lines, str(body.get("created_at", now)), str(body.get("updated_at", now)))
        shopify.webhooks.send(store, "carts/create" if body.get("is_new") else "carts/update", payload)
    return json_response(201, {"token": token})


@panel("POST", "orders")
def buy(shopify: Shopify, request: Request) -> Response:
    """A buyer buys: lines [{sku, quantity, properties}], attributes, cart_token, paid (default true), source."""
    body = order(request)
    with shopify.lock:
        store = store_of(shopify, body)
        made = trade.buy(
            shopify,
            store,
            [(variant_of(store, row), row.get("quantity", 1), row.get("properties") or {}) for row in body["lines"]],
            attributes=body.get("attributes", {}),
            cart_token=body.get("cart_token"),
            paid=bool(body.get("paid", True)),
            source=str(body.get("source", "web")),
        )
    return json_response(201, _order(made))


@panel("POST", "orders/{number:int}/pay")
def pay(shopify: Shopify, request: Request, number: int) -> Response:
    """The money for an order comes: orders/paid."""
    with shopify.lock:
        store = store_of(shopify, order(request))
        trade.pay(shopify, store, order_with(store, number))
    return no_content()


@panel("POST", "orders/{number:int}/cancel")
def cancel(shopify: Shopify, request: Request, number: int) -> Response:
    """An order is cancelled: reason, restock (default true): refunds/create and orders/cancelled."""
    body = order(request)
    with shopify.lock:
        store = store_of(shopify, body)
        found = order_with(store, number)
        restock = bool(body.get("restock", True))
        trade.cancel(shopify, store, found, reason=str(body.get("reason", "customer")), restock=restock)
    return no_content()


@panel("POST", "orders/{number:int}/refund")
def refund(shopify: Shopify, request: Request, number: int) -> Response:
    """Units are refunded: lines [{sku or line_item_id, quantity}], kind (return, cancel, no_restock)."""
    body = order(request)
    with shopify.lock:
        store = store_of(shopify, body)
        found = order_with(store, number)
        lines = [(line_of(found, row), row.get("quantity", 1)) for row in body["lines"]]
        made = trade.refund(shopify, store, found, lines, str(body.get("kind", "return")))
    return json_response(201, {"id": made.number})


@panel("POST", "orders/{number:int}/edit")
def edit(shopify: Shopify, request: Request, number: int) -> Response:
    """The merchant edits an order: sku or line_item_id, delta; with `add`, a new line of that sku: orders/edited."""
    body = order(request)
    with shopify.lock:
        store = store_of(shopify, body)
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
