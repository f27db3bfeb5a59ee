"""Shopify's Storefront API and the address of agents, as far as storefronts change their cart by them."""

from typing import Any

from .cart import Cart

LINE = "gid://shopify/CartLine/"


def answer(cart: Cart, path: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What `/api/<version>/graphql.json` or `/api/ucp/mcp` answers."""
    return _agents(cart, asked) if path.endswith("/mcp") else {"data": _graphql(cart, asked)}


def _graphql(cart: Cart, asked: dict[str, Any]) -> dict[str, Any]:
    lines = asked.get("variables", {}).get("lines", [])
    errors: list[dict[str, Any]] = []
    if "cartLinesAdd" in asked["query"]:
        cart.add({"items": [_added(line) for line in lines]})
        return {"cartLinesAdd": {"cart": told(cart), "userErrors": errors}}
    if "cartLinesUpdate" in asked["query"]:
        for line in lines:
            status, _ = cart.change({"id": _key(line["id"]), "quantity": line["quantity"]})
            if status != 200:
                errors.append({"code": "INVALID_MERCHANDISE_LINE", "message": "The merchandise line does not exist."})
        return {"cartLinesUpdate": {"cart": told(cart), "userErrors": errors}}
    return {"cart": told(cart)}


def _agents(cart: Cart, asked: dict[str, Any]) -> dict[str, Any]:
    """`update_cart` of the UCP: its lines are all that the cart has from now on."""
    cart.items = []
    lines = [
        {"id": line["item"]["id"], "quantity": line["quantity"]} for line in asked["params"]["arguments"]["line_items"]
    ]
    cart.add({"items": lines})
    return {"jsonrpc": "2.0", "id": asked["id"], "result": {"structuredContent": told(cart)}}


def told(cart: Cart) -> dict[str, Any]:
    """The cart as the API shows it."""
    nodes = [{"id": f"{LINE}{item['key']}?cart={cart.token}", "quantity": item["quantity"]} for item in cart.items]
    units = sum(item["quantity"] for item in cart.items)
    return {"id": f"gid://shopify/Cart/{cart.token}", "totalQuantity": units, "lines": {"nodes": nodes}}


def _added(line: dict[str, Any]) -> dict[str, Any]:
    properties = {pair["key"]: pair["value"] for pair in line.get("attributes", [])}
    variant = str(line["merchandiseId"]).rpartition("/")[2]
    return {"id": variant, "quantity": line["quantity"], "properties": properties}


def _key(name: str) -> str:
    """A line's key, by its id in this API or as the Ajax API has it."""
    return name.removeprefix(LINE).partition("?")[0]
