"""The books: what really happened, whatever the answers said."""

from dataclasses import asdict
from typing import Any

from sandbox.bling.bling import Bling
from sandbox.bling.company_account import Account
from sandbox.bling.control.bling_panel import account_asked, panel
from sandbox.bling.products import Product
from sandbox.bling.sales_order import Order
from sandbox.web import Request, Response, json_response


@panel("GET", "accounts")
def accounts(bling: Bling, request: Request) -> Response:
    """The companies and whether each has authorized the app."""
    found = [
        {"id": account.id, "name": account.name, "authorized": bling.authority.is_authorized(account.id)}
        for account in bling.accounts.values()
    ]
    return json_response(200, {"accounts": found})


@panel("GET", "balances")
def balances(bling: Bling, request: Request) -> Response:
    """The true balance of each product, by its id: no lag, nothing hidden."""
    with bling.lock:
        account = account_asked(bling, request)
        found = [_balance(account, product) for product in account.products.values()]
    return json_response(200, {"balances": found})


@panel("GET", "movements")
def movements(bling: Bling, request: Request) -> Response:
    """Every movement in order, those with a number above `after`; `at` is the machine's steady clock."""
    after = int(request.one("after") or 0)
    with bling.lock:
        found = [asdict(movement) for movement in account_asked(bling, request).stock.movements[after:]]
    return json_response(200, {"movements": found})


@panel("GET", "orders")
def orders(bling: Bling, request: Request) -> Response:
    """Every order, deleted ones too, with what it reserves and whether its stock was launched."""
    with bling.lock:
        found = [_order(order) for order in account_asked(bling, request).orders.values()]
    return json_response(200, {"orders": found})


@panel("GET", "tokens")
def tokens(bling: Bling, request: Request) -> Response:
    """Every pair of tokens given out, in order."""
    return json_response(200, {"tokens": [asdict(issue) for issue in bling.authority.issued]})


@panel("GET", "deposits")
def deposits(bling: Bling, request: Request) -> Response:
    """The deposits of a company."""
    return json_response(200, {"deposits": [asdict(d) for d in account_asked(bling, request).deposits.values()]})


def _balance(account: Account, product: Product) -> dict[str, Any]:
    here = {
        deposit.id: account.stock.balance(product.id, deposit.id)
        for deposit in account.deposits.values()
        if not deposit.ignored
    }
    return {
        "product_id": product.id,
        "sku": product.sku,
        "situation": product.situation,
        "physical": sum(balance.physical for balance in here.values()),
        "virtual": sum(balance.virtual for balance in here.values()),
        "deposits": {str(number): asdict(balance) for number, balance in here.items()},
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "number": order.number,
        "store_number": order.store_number,
        "situation": order.situation,
        "deleted": order.deleted,
        "launched": order.launched_deposit is not None,
        "reserved": {str(number): quantity for number, quantity in order.reserved.items()},
        "items": [{"product_id": item.product_id, "quantity": item.quantity} for item in order.items],
    }
