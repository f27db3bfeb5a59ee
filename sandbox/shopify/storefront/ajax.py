"""What a theme may do to the cart: add, change, update, clear."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.shopify.entities import Variant
from sandbox.shopify.shopper_carts import Cart, Item, cart_error
from sandbox.shopify.store import Store
from sandbox.shopify.storefront.cart_forms import number, rows, texts

Action = Callable[[Store, Cart, dict[str, Any]], dict[str, Any]]


def add(store: Store, cart: Cart, body: dict[str, Any]) -> dict[str, Any]:
    """cart/add.js: all of the items or none. Raises Refusal: 404 for no such variant, 422 for too many."""
    asked = rows(body.get("items"))
    before = [(item, item.quantity) for item in cart.items]
    try:
        added = [_add(store, cart, row) for row in asked or [body]]
    except Exception:
        cart.items = [item for item, _ in before]
        for item, quantity in before:
            item.quantity = quantity
        raise
    _write(cart, body)
    found = [item.as_json() for item in added]
    return {"items": found} if asked else found[0]


def change(store: Store, cart: Cart, body: dict[str, Any]) -> dict[str, Any]:
    """cart/change.js: one line, by `line` from 1, by key or by variant."""
    line = number(body.get("line"), 0)
    if line:
        item = cart.items[line - 1] if 0 < line <= len(cart.items) else None
    else:
        item = _item(cart, str(body.get("id", "")))
    if item is None:
        raise cart_error(400, "no valid id or line parameter")
    cart.change(item, number(body.get("quantity"), 1), texts(body["properties"]) if "properties" in body else None)
    return cart.as_json()


def update(store: Store, cart: Cart, body: dict[str, Any]) -> dict[str, Any]:
    """cart/update.js: quantities by key, by variant or in the order of the lines; attributes; note."""
    updates = body.get("updates") or {}
    if isinstance(updates, list):
        updates = {item.key: quantity for item, quantity in zip(cart.items, updates, strict=False)}
    for name, quantity in updates.items() if isinstance(updates, dict) else ():
        item = _item(cart, str(name))
        if item is not None:
            cart.change(item, number(quantity, 0))
        elif variant := store.variants.get(number(name, 0)):
            cart.add(variant, number(quantity, 1), {})
    _write(cart, body)
    return cart.as_json()


def clear(store: Store, cart: Cart, body: dict[str, Any]) -> dict[str, Any]:
    """cart/clear.js: no lines; attributes and note stay."""
    cart.items = []
    return cart.as_json()


ACTIONS: Mapping[str, Action] = {"add": add, "change": change, "update": update, "clear": clear}


def _add(store: Store, cart: Cart, row: dict[str, Any]) -> Item:
    variant: Variant | None = store.variants.get(number(row.get("id"), 0))
    if variant is None:
        raise cart_error(404, "Cannot find variant")
    quantity = number(row.get("quantity"), 1)
    if quantity < 1:
        raise cart_error(422, "Quantity must be 1 or more.")
    return cart.add(variant, quantity, texts(row.get("properties")))


def _item(cart: Cart, name: str) -> Item | None:
    return next((item for item in cart.items if name in (item.key, str(item.variant.number))), None)


def _write(cart: Cart, body: dict[str, Any]) -> None:
    attributes = body.get("attributes")
    if isinstance(attributes, dict):
        written = {str(name): "" if text is None else str(text) for name, text in attributes.items()}
        cart.attributes = texts(cart.attributes | written)
    cart.note = body.get("note", cart.note)
