"""The Storefront API, as far as Shopify's standard actions use it: lines are added or changed, or the cart is read."""

import json
import re
from typing import Any

from sandbox.shopify.operation_name import first_field
from sandbox.shopify.shopper_carts import Cart
from sandbox.shopify.store import Store
from sandbox.shopify.storefront.ajax import ACTIONS
from sandbox.web import Refusal, Request

ADDRESS = re.compile(r"/api/[\w-]+/graphql\.json")
LINE = "gid://shopify/CartLine/"


def answer(store: Store, cart: Cart, request: Request) -> dict[str, Any]:
    """What a request about this shopper's cart gets: all that the actions read, whatever it asked for."""
    name = first_field(request)
    lines = (request.json().get("variables") or {}).get("lines") or []
    if name == "cartLinesAdd":
        return {"data": {name: _written(store, cart, "add", [{"items": [_added(line) for line in lines]}])}}
    if name == "cartLinesUpdate":
        return {"data": {name: _written(store, cart, "change", [_changed(line) for line in lines])}}
    return {"data": {"cart": _told(cart)}}


def _written(store: Store, cart: Cart, action: str, bodies: list[dict[str, Any]]) -> dict[str, Any]:
    errors = []
    for body in bodies:
        try:
            ACTIONS[action](store, cart, body)
        except Refusal as refusal:
            message = json.loads(refusal.response.body)["description"]
            errors.append({"code": "INVALID", "field": ["lines"], "message": message})
    return {"cart": _told(cart), "userErrors": errors, "warnings": []}


def _told(cart: Cart) -> dict[str, Any]:
    nodes = [{"id": f"{LINE}{item.key}?cart={cart.token}", "quantity": item.quantity} for item in cart.items]
    units = sum(item.quantity for item in cart.items)
    return {"id": f"gid://shopify/Cart/{cart.name}", "totalQuantity": units, "lines": {"nodes": nodes}}


def _added(line: dict[str, Any]) -> dict[str, Any]:
    properties = {pair["key"]: pair["value"] for pair in line.get("attributes") or []}
    variant = str(line.get("merchandiseId")).rpartition("/")[2]
    return {"id": variant, "quantity": line.get("quantity", 1), "properties": properties}


def _changed(line: dict[str, Any]) -> dict[str, Any]:
    key = str(line["id"]).removeprefix(LINE).partition("?")[0]
    return {"id": key, "quantity": line.get("quantity")}
