"""The panel that the files of this folder fill, and how they read what an order concerns."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sandbox.shopify.entities import LineItem, Order, Return, Variant
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.store import Store
from sandbox.stand_in import Panel
from sandbox.stand_in.order_fields import order, refuse
from sandbox.web import Request

panel: Panel[Shopify] = Panel()


@contextmanager
def store_order(shopify: Shopify, request: Request) -> Iterator[tuple[dict[str, Any], Store]]:
    """An order's fields and the store that it concerns, under Shopify's lock. Raises Refusal."""
    body = order(request)
    with shopify.lock:
        yield body, store_of(shopify, body)


def store_of(shopify: Shopify, body: dict[str, Any]) -> Store:
    """Take the store out of an order. Raises Refusal."""
    return _store(shopify, body.pop("shop", None))


def store_asked(shopify: Shopify, request: Request) -> Store:
    """The store of a `?shop=`. Raises Refusal."""
    return _store(shopify, request.one("shop"))


def variant_of(store: Store, row: dict[str, Any]) -> Variant:
    """The variant with a `variant_id`, or the first with a `sku`. Raises Refusal."""
    number, sku = row.get("variant_id"), row.get("sku")
    for variant in store.variants.values():
        if variant.number == number or (number is None and variant.sku == sku):
            return variant
    raise refuse(f"no such variant: {number or sku}")


def order_with(store: Store, number: int) -> Order:
    """The order with this id. Raises Refusal."""
    if number not in store.orders:
        raise refuse(f"no such order: {number}")
    return store.orders[number]


def line_of(found: Order, row: dict[str, Any]) -> LineItem:
    """The line with a `line_item_id`, or the first with a `sku`. Raises Refusal."""
    number, sku = row.get("line_item_id"), row.get("sku")
    for line in found.lines:
        if line.number == number or (number is None and line.sku == sku):
            return line
    raise refuse(f"no such line: {number or sku}")


def return_with(store: Store, number: int) -> Return:
    """The return with this id. Raises Refusal."""
    if number not in store.returns:
        raise refuse(f"no such return: {number}")
    return store.returns[number]


def _store(shopify: Shopify, domain: str | None) -> Store:
    if domain is None:
        return next(iter(shopify.stores.values()))
    if domain not in shopify.stores:
        raise refuse(f"no such store: {domain}")
    return shopify.stores[domain]
