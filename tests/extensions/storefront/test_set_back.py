"""A line is what it is, not its key: a set-back takes out what came, and nothing that a shopper had."""

import os
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from .cart import Cart
from .shop import ThemeShop
from .waiting import until

Visit = Callable[..., Page]
RUNS = int(os.environ.get("STOREFRONT_CARTS", "2"))
ATTEMPTS = 8
CHANGE = """([variant, quantity]) => fetch("/cart.js").then((a) => a.json()).then(({ items }) =>
    post("/cart/change.js", { id: items.find(({ id }) => id === +variant).key, quantity }))"""

ONE_MORE = """(variant) => fetch("/cart.js").then((a) => a.json()).then(({ items }) => {
    const line = items.find(({ id }) => id === variant);
    return line ? post("/cart/change.js", { id: line.key, quantity: line.quantity + 1 }) : 404;
})"""

ACT = """window.act = (lines) =>
    Shopify.actions.updateCart({ lines }).then(({ userErrors }) => userErrors?.length ? 422 : 200); 0"""


def test_the_last_unit_stays_when_a_discount_gave_its_line_another_key(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate("add.json('101')")
    until(lambda: shop.cart.attributes.get("_bazico_hold"), page)
    change = shop.cart.change

    def with_a_discount(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        answer = change(body)
        shop.cart.rekey()
        return answer

    shop.cart.change = with_a_discount  # type: ignore[method-assign]
    assert page.evaluate(CHANGE, ["101", 2]) == 422
    assert shop.cart.units("SKU-A") == shop.stock.held("SKU-A") == 1


def test_lines_that_an_order_discount_gave_other_keys_stay(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate("add.json('101')")
    page.evaluate("add.json('102', 2)")
    shop.stock.free["SKU-B"] = 0

    def with_a_discount(route: Route) -> None:
        shop.cart.rekey()
        route.continue_()

    page.route("**/cart/change.js", with_a_discount)
    line = [item["sku"] for item in shop.cart.items].index("SKU-B") + 1
    assert page.evaluate(f"post('/cart/change.js', {{ line: {line}, quantity: 3 }})") == 422
    assert (shop.cart.units("SKU-A"), shop.cart.units("SKU-B")) == (1, 2)
    assert (shop.stock.held("SKU-A"), shop.stock.held("SKU-B")) == (1, 2)


def test_only_what_is_not_held_goes_out_again(shop: ThemeShop, visit: Visit) -> None:
    page = visit("/grid")
    page.evaluate("add.json('102')")
    shop.stock.free["SKU-A"] = 0
    both = "post('/cart/add.js', { items: [{ id: 102, quantity: 2 }, { id: 101, quantity: 1 }] })"
    assert page.evaluate(both) == 422
    assert (shop.cart.units("SKU-A"), shop.cart.units("SKU-B")) == (0, 3)
    assert shop.stock.held("SKU-B") == 3


def test_a_line_of_another_plan_or_property_is_another_line(shop: ThemeShop, visit: Visit) -> None:
    page = visit("/grid")
    page.evaluate("post('/cart/add.js', { id: 102, quantity: 2, properties: { Nome: 'Ana' } })")
    until(lambda: shop.stock.held("SKU-B") == 2, page)
    shop.stock.free["SKU-B"] = 0
    assert page.evaluate("post('/cart/add.js', { id: 102, quantity: 1, properties: { Nome: 'Beto' } })") == 422
    (line,) = shop.cart.items
    assert (line["properties"]["Nome"], line["quantity"]) == ("Ana", 2)


def test_a_cart_whose_keys_never_rest_is_left_alone(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate("add.json('102', 2)")
    shop.stock.free["SKU-B"] = 0
    # Each request finds other keys than the one before it.
    shop.cart.unrest = Cart.rekey
    page.evaluate("post('/cart/change.js', { line: 1, quantity: 3 })")
    assert shop.cart.units("SKU-B") == 3
    assert "Em outros carrinhos até " in page.inner_text("#bazico-text")


def mischief(rng: random.Random) -> Callable[[Cart], None]:
    """Shopify's doings between two requests: lines get other keys, split, merge, move."""

    def act(cart: Cart) -> None:
        for item in list(cart.items):
            if rng.random() < 0.15 and item["quantity"] > 1:
                item["quantity"] -= 1
                cart.items.append({**item, "properties": dict(item["properties"]), "quantity": 1})
                cart.rekey()
        if rng.random() < 0.15:
            merge(cart)
        if rng.random() < 0.25:
            cart.rekey()
        if rng.random() < 0.2:
            rng.shuffle(cart.items)

    return act


def merge(cart: Cart) -> None:
    merged: list[dict[str, Any]] = []
    for item in cart.items:
        twin = next((known for known in merged if line_of(known) == line_of(item)), None)
        if twin:
            twin["quantity"] += item["quantity"]
        else:
            merged.append(item)
    cart.items = merged
    cart.rekey()


def line_of(item: dict[str, Any]) -> tuple[object, ...]:
    others = {name: text for name, text in item["properties"].items() if not name.startswith("_bazico_")}
    return (item["variant_id"], *sorted(others.items()))


def units_by_line(cart: Cart) -> Counter[tuple[object, ...]]:
    units: Counter[tuple[object, ...]] = Counter()
    for item in cart.items:
        units[line_of(item)] += item["quantity"]
    return units


def an_attempt(page: Page, rng: random.Random) -> bool:
    """A theme asks for more in one of its ways; whether it is refused."""
    variant, units, properties = rng.choice([101, 102]), rng.randint(1, 3), rng.choice(["{}", "{ Nome: 'Ana' }"])
    if rng.random() < 0.4:
        return bool(page.evaluate(ONE_MORE, variant) == 422)
    ways = [
        f"post('/cart/add.js', {{ id: {variant}, quantity: {units}, properties: {properties} }})",
        f"asked('/cart/add.js', 'id={variant}&quantity={units}')",
        f"act([{{ merchandiseId: '{variant}', quantity: {units} }}])",
    ]
    return bool(page.evaluate(rng.choice(ways)) == 422)


@pytest.mark.parametrize("seed", range(RUNS))
def test_after_every_refusal_the_cart_has_at_least_what_it_had(shop: ThemeShop, visit: Visit, seed: int) -> None:
    rng = random.Random(seed)
    shop.theme.actions = True
    page = visit("/grid" if seed % 2 == 0 else "/")
    page.evaluate(ACT)
    shop.stock.free.update({"SKU-A": 5, "SKU-B": 5})
    for line in ("{ id: 101, quantity: 2 }", "{ id: 102, quantity: 2, properties: { Nome: 'Ana' } }"):
        assert page.evaluate(f"post('/cart/add.js', {line})") == 200
    refusals = 0
    for _ in range(ATTEMPTS):
        shop.stock.free.update({"SKU-A": rng.randint(0, 1), "SKU-B": rng.randint(0, 1)})
        shop.cart.unrest = mischief(rng)
        before = units_by_line(shop.cart)
        if an_attempt(page, rng):
            refusals += 1
            after = units_by_line(shop.cart)
            assert all(after[line] >= units for line, units in before.items()), (before, after)
        shop.cart.unrest = lambda cart: None
    assert refusals
