"""The checkout of the little shop: the real validation function over its carts, told what the service tells it."""

import json
import subprocess
from typing import Any

import orjson

from reservations.shopify.guard.hold_table import pages_of
from reservations.shopify.guard.metafield_value import guard_value
from tests.extensions.places import GUARD, ROOT
from tests.support.requirement import program

from .cart import SKUS, Cart
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
    """The function's input: the cart, and what the writer of guards tells of its variants."""
    held = [(name, hold["sku"], hold["quantity"]) for name, hold in stock.holds.items()]
    table = [(name, _item(sku), units) for name, sku, units in held]
    return {
        "localization": {"language": {"isoCode": "PT_BR"}},
        "validation": {f"p{number}": {"j": orjson.loads(page)} for number, page in enumerate(pages_of(table), start=1)},
        "cart": {
            "holds": {"v": cart.attributes.get("_bazico_hold", "")},
            "name": {"v": cart.attributes.get("_bazico_cart", "")},
            "lines": [_line(item, stock, held) for item in cart.items],
        },
    }


def _line(item: dict[str, Any], stock: Stock, held: list[tuple[str, str, int]]) -> dict[str, Any]:
    sku = item["sku"]
    named = item["properties"].get("_bazico_hold")
    told = None
    if sku in stock.free:
        holds = [(name, units) for name, other, units in held if other == sku]
        told = {"j": orjson.loads(guard_value(_item(sku), stock.free[sku], holds, item["title"]))}
    return {"q": item["quantity"], "a": {"v": named} if named else None, "m": {"g": told}}


def _item(sku: str) -> int:
    """A number for the stock item of the SKU."""
    return list(SKUS.values()).index(sku) + 1
