"""The panel that the files of this folder fill, and how they read what an order concerns."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from sandbox.bling.bling import Bling
from sandbox.bling.company_account import Account
from sandbox.bling.products import Product
from sandbox.stand_in import Panel
from sandbox.stand_in.order_fields import order, refuse
from sandbox.web import Request

panel: Panel[Bling] = Panel()


@contextmanager
def account_order(bling: Bling, request: Request) -> Iterator[tuple[dict[str, Any], Account]]:
    """An order's fields and the company that it concerns, under Bling's lock. Raises Refusal."""
    body = order(request)
    with bling.lock:
        yield body, account_of(bling, body)


def account_of(bling: Bling, body: dict[str, Any]) -> Account:
    """Take the company out of an order. Raises Refusal."""
    return bling.account(body.pop("account", None))


def account_asked(bling: Bling, request: Request) -> Account:
    """The company of a `?account=`. Raises Refusal."""
    return bling.account(request.one("account"))


def product_of(account: Account, body: dict[str, Any]) -> Product:
    """Take the product (`product_id` or `sku`) out of an order. Raises Refusal."""
    product_id, sku = body.pop("product_id", None), body.pop("sku", None)
    for product in account.products.values():
        if product.id == product_id or (product_id is None and product.sku == sku):
            return product
    raise refuse(f"no such product: {product_id or sku}")


def decimal(value: Any) -> Decimal:
    """A quantity. Raises Refusal."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise refuse(f"not a quantity: {value}")
    return Decimal(value)
