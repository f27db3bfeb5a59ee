"""Companies, products, deposits, channels, and what people do to stock at Bling's own screen."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from sandbox.bling.bling import Bling
from sandbox.bling.company_account import Account, Channel
from sandbox.bling.control.bling_panel import account_of, account_order, decimal, panel, product_of
from sandbox.bling.products import DELETED, Component
from sandbox.stand_in.order_fields import no_content, order, refuse, update
from sandbox.web import Request, Response, json_response


@panel("POST", "accounts")
def add_account(bling: Bling, request: Request) -> Response:
    """Add a company: name. The answer has its `id`."""
    with bling.lock:
        account = bling.add_account(str(order(request).get("name", "Empresa")))
    return json_response(201, {"id": account.id, "default_deposit": account.default_deposit.id})


@panel("POST", "products")
def add_products(bling: Bling, request: Request) -> Response:
    """Add products: {products: [{sku, quantity, name, format, parent_id, virtual_kit, components, ...}]}; ids back."""
    with account_order(bling, request) as (body, account):
        made = [_add_product(bling, account, dict(row)) for row in body.get("products", [body])]
    return json_response(201, {"ids": made})


@panel("POST", "products/change")
def change_product(bling: Bling, request: Request) -> Response:
    """Change a product (product_id or sku): name, sku as `new_sku`, situation (I inactive, E deleted), price, ..."""
    with account_order(bling, request) as (body, account):
        product = product_of(account, body)
        if "new_sku" in body:
            body["sku"] = body.pop("new_sku")
        update(product, body)
        product.changed_at = bling.clock.now()
        bling.webhooks.product(account, product)
    return json_response(200, asdict(product))


@panel("POST", "products/delete")
def delete_product(bling: Bling, request: Request) -> Response:
    """Delete a product (product_id or sku)."""
    with account_order(bling, request) as (body, account):
        product = product_of(account, body)
        product.situation, product.changed_at = DELETED, bling.clock.now()
        bling.webhooks.send(account, "product.deleted", {"id": product.id})
    return no_content()


@panel("POST", "deposits")
def add_deposit(bling: Bling, request: Request) -> Response:
    """Add a deposit: name, default, ignored."""
    body = order(request)
    with bling.lock:
        deposit = account_of(bling, body).add_deposit(
            str(body.get("name", "Depósito")), default=bool(body.get("default")), ignored=bool(body.get("ignored"))
        )
    return json_response(201, asdict(deposit))


@panel("POST", "deposits/change")
def change_deposit(bling: Bling, request: Request) -> Response:
    """Change a deposit: id, name, active, default, ignored."""
    body = order(request)
    with bling.lock:
        deposit = account_of(bling, body).deposits.get(body.pop("id", 0))
        if deposit is None:
            raise refuse("no such deposit")
        update(deposit, body)
    return json_response(200, asdict(deposit))


@panel("POST", "channels")
def add_channel(bling: Bling, request: Request) -> Response:
    """Add a sales channel: type (Shopify: Bling imports that shop's orders), name, situation, group."""
    with account_order(bling, request) as (body, account):
        channel = Channel(next(account.ids), str(body.pop("name", "Loja")), str(body.pop("type", "Shopify")))
        update(channel, body)
        account.channels[channel.id] = channel
    return json_response(201, asdict(channel))


@panel("POST", "channels/clear")
def clear_channels(bling: Bling, request: Request) -> Response:
    """Remove every sales channel of an account."""
    account_of(bling, order(request)).channels.clear()
    return no_content()


@panel("POST", "movements")
def move(bling: Bling, request: Request) -> Response:
    """Someone moves stock: sku or product_id, operation (E, S, B = edit the balance), quantity, deposit_id, who."""
    with account_order(bling, request) as (body, account):
        product = product_of(account, body)
        operation = body.get("operation", "S")
        deposit = body.get("deposit_id", account.default_deposit.id)
        if operation not in ("B", "E", "S") or deposit not in account.deposits:
            raise refuse("operation is B, E or S; deposit_id one of the account's")
        quantity = decimal(body.get("quantity", 1))
        movement = account.stock.book(product, deposit, operation, quantity, str(body.get("who", "someone else")))
    return json_response(201, asdict(movement))


def _add_product(bling: Bling, account: Account, row: dict[str, Any]) -> int:
    quantity = row.pop("quantity", None)
    parts = tuple(Component(part["product_id"], float(part.get("quantity", 1))) for part in row.pop("components", ()))
    price = float(row.pop("price", 10))
    count = None if quantity is None else Decimal(decimal(quantity))
    try:
        product = bling.add_product(account, row.pop("sku", ""), count, components=parts, price=price, **row)
    except TypeError as error:
        raise refuse(str(error)) from None
    bling.webhooks.product(account, product, "created")
    return product.id
