"""The checkout of the little shop: the real validation function over its carts, told what the service tells it."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from reservations.shopify.guard.hold_table import pages_of
from reservations.shopify.guard.metafield_value import guard_value
from tests.extensions.places import GUARD, ROOT
from tests.support.requirement import program

from .cart import SKUS, Cart
from .stock import Stock

# The shop's.
ZONE = ZoneInfo("America/Sao_Paulo")


def refusal(cart: Cart, stock: Stock) -> str:
    """What the checkout says of this cart; "" when it lets it pass."""
    held = [(name, hold["sku"], hold["quantity"]) for name, hold in stock.holds.items()]
    table = [(name, _item(sku), units) for name, sku, units in held]
    return refusal_by(cart, {sku: _value(sku, stock, held) for sku in stock.free}, pages_of(table))


def refusal_by(cart: Cart, values: Mapping[str, str], pages: Sequence[str]) -> str:
    """The same by what each SKU's variant tells, as JSON, and by the pages of the table of holds."""
    node = program("node", "REQUIRE_NODE")
    command = [node, str(ROOT / "tests" / "extensions" / "verdicts.mjs"), str(GUARD / "src" / "index.js")]
    sent = json.dumps(_told(cart, values, pages)) + "\n"
    done = subprocess.run(command, input=sent, capture_output=True, text=True, check=True, timeout=60)
    errors = [error for each in json.loads(done.stdout)["operations"] for error in each["validationAdd"]["errors"]]
    return str(errors[0]["message"]) if errors else ""


def _told(cart: Cart, values: Mapping[str, str], pages: Sequence[str]) -> dict[str, Any]:
    """The function's input: the cart, and what the writer of guards tells of its variants."""
    return {
        "localization": {"language": {"isoCode": "PT_BR"}},
        "validation": {f"p{number}": {"j": orjson.loads(page)} for number, page in enumerate(pages, start=1)},
        "cart": {
            "holds": {"v": cart.attributes.get("_bazico_hold", "")},
            "name": {"v": cart.attributes.get("_bazico_cart", "")},
            "lines": [_line(item, values) for item in cart.items],
        },
    }


def _line(item: dict[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    named = item["properties"].get("_bazico_hold")
    told = {"j": orjson.loads(values[item["sku"]])} if item["sku"] in values else None
    return {"q": item["quantity"], "a": {"v": named} if named else None, "m": {"g": told}}


def _value(sku: str, stock: Stock, held: list[tuple[str, str, int]]) -> str:
    holds = [(name, units) for name, other, units in held if other == sku]
    free = stock.free[sku]
    until = datetime.now(ZONE) + timedelta(seconds=stock.retry_seconds or 0) if holds and free <= 0 else None
    return guard_value(_item(sku), free, holds, "Camiseta", until=until)


def _item(sku: str) -> int:
    """A number for the stock item of the SKU."""
    return list(SKUS.values()).index(sku) + 1
