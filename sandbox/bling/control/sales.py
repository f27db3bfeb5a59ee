"""Orders that come into Bling by other ways than our API calls, and what becomes of orders."""

import time
from typing import Any

from sandbox.bling import order_stock
from sandbox.bling.bling import Bling
from sandbox.bling.company_account import Account
from sandbox.bling.control.bling_panel import account_order, decimal, panel, product_of
from sandbox.bling.sales_order import CANCELLED, SITUATIONS, Item, Order
from sandbox.stand_in.order_fields import no_content, refuse
from sandbox.web import Request, Response, json_response


@panel("POST", "orders")
def import_order(bling: Bling, request: Request) -> Response:
    """A channel's order is imported: store_number (Shopify's order id), items [{sku, quantity}], situation, note."""
    with account_order(bling, request) as (body, account):
        made = _imported(account, body)
        order_stock.place(account, made)
        bling.webhooks.order(account, made, "created")
    return json_response(201, {"id": made.id, "number": made.number})


@panel("POST", "orders/{order_id:int}/situation")
def set_situation(bling: Bling, request: Request, order_id: int) -> Response:
    """A person passes an order to `situation` (12 is cancelled); with `return_stock` its launch is undone."""
    with account_order(bling, request) as (body, account):
        found, situation = _find(account, order_id), body.get("situation", CANCELLED)
        if situation not in SITUATIONS:
            raise refuse(f"no such situation: {situation}")
        if body.get("return_stock"):
            order_stock.undo_launch(account, found)
        order_stock.change_situation(account, found, situation)
        bling.webhooks.order(account, found, "updated")
    return no_content()


@panel("POST", "orders/{order_id:int}/invoice")
def invoice(bling: Bling, request: Request, order_id: int) -> Response:
    """The invoice (NF-e) is authorized: physical stock falls and the order is attended."""
    with account_order(bling, request) as (_, account):
        found = _find(account, order_id)
        found.invoice_id = next(account.ids)
        if found.launched_deposit is None:
            order_stock.launch(account, found, account.default_deposit.id)
        order_stock.change_situation(account, found, 9)
        bling.webhooks.order(account, found, "updated")
    return no_content()


@panel("POST", "orders/{order_id:int}/delete")
def delete(bling: Bling, request: Request, order_id: int) -> Response:
    """A person deletes an order; with `return_stock` its launch is undone."""
    with account_order(bling, request) as (body, account):
        found = _find(account, order_id)
        if body.get("return_stock"):
            order_stock.undo_launch(account, found)
        order_stock.delete(account, found)
        bling.webhooks.order(account, found, "deleted")
    return no_content()


def _imported(account: Account, body: dict[str, Any]) -> Order:
    items = [
        Item(product_of(account, dict(row)).id, decimal(row.get("quantity", 1)), decimal(row.get("value", 10)))
        for row in body.get("items", [])
    ]
    channel = next((known.id for known in account.channels.values() if known.type == "Shopify"), 0)
    return Order(
        id=next(account.ids),
        number=next(account.order_numbers),
        store_number=str(body.get("store_number", "")),
        store_id=body.get("store_id", channel),
        contact_id=account.consumer_id,
        date=time.strftime("%Y-%m-%d"),
        items=items,
        situation=body.get("situation", 6),
        note=str(body.get("note", "")),
    )


def _find(account: Account, order_id: int) -> Order:
    if order_id not in account.orders:
        raise refuse(f"no such order: {order_id}")
    return account.orders[order_id]
