"""The checkout of the little shop: the real validation function over its carts, told what the service tells it."""

import json
import subprocess
from typing import Any

from tests.extensions.places import GUARD, ROOT
from tests.support.requirement import program

from .cart import Cart
from .stock import Stock


def refusal(cart: Cart, stock: Stock) -> str:
    """What the checkout says of this cart; "" when it lets it pass."""
    node = program("node", "REQUIRE_NODE")
    command = [node, str(ROOT / "tests" / "extensions" / "verdicts.mjs"), str(GUARD / "src" / "index.js")]
    sent = json.dumps(_told(cart, stock)) + "\n"
    done = subprocess.run(command, input=sent, capture_output=True, text=True, check=True, timeout=60)
    errors = [error for each in json.loads(done.stdout)["operations"] for error in each["validationAdd"]["errors"]]
    return str(errors[0]["message"]) if errors else ""


def _told(cart: Cart, stock: Stock) -> dict[str, Any]:
    """The function's input: the cart, and each variant's metafield as the service writes it."""
    attribute = {"value": cart.attributes.get("_bazico_hold", "")}
    name = {"value": cart.attributes.get("_bazico_cart", "")}
    lines = [_line(item, stock) for item in cart.items]
    return {
        "localization": {"language": {"isoCode": "PT_BR"}},
        "cart": {"attribute": attribute, "name": name, "lines": lines},
    }


def _line(item: dict[str, Any], stock: Stock) -> dict[str, Any]:
    sku = item["sku"]
    holds = {name: hold["quantity"] for name, hold in stock.holds.items() if hold["sku"] == sku}
    known = {"jsonValue": {"free": stock.free[sku], "holds": holds}} if sku in stock.free else None
    return {
        "quantity": item["quantity"],
        "attribute": {"value": item["properties"].get("_bazico_hold", "")},
        "merchandise": {
            "__typename": "ProductVariant",
            "id": f"gid://shopify/ProductVariant/{item['variant_id']}",
            "sku": sku,
            "product": {"title": item["title"]},
            "metafield": known,
        },
    }
