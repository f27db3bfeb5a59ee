"""The table of doors in docs/storefront.md: each door, when its unit is held, where it is stopped, what is read."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.extensions.places import ROOT

from . import checkout
from .doors import ADD, DOORS, Door
from .shop import ThemeShop
from .waiting import until

Visit = Callable[..., Page]
each_door = pytest.mark.parametrize("door", DOORS.values(), ids=DOORS.keys())
kept_out = [name for name, door in DOORS.items() if door.refused == "kept out"]


def open_page(shop: ThemeShop, visit: Visit, door: Door) -> Page:
    """The page at which the door is, in a storefront of today."""
    shop.theme.actions, shop.theme.before = True, door.before
    return visit(door.page)


def somebody_holds_the_last(shop: ThemeShop) -> None:
    shop.stock.answer(
        "/stock/reserve", {"cart_token": "x", "lines": [{"sku": "SKU-A", "quantity": 1}], "idempotency_key": "x"}
    )


@each_door
def test_its_unit_is_held_and_the_checkout_lets_it_pass(shop: ThemeShop, visit: Visit, door: Door) -> None:
    page = open_page(shop, visit, door)
    door.take(shop, page)
    until(lambda: shop.cart.units("SKU-A") == shop.stock.held("SKU-A") == 1, page)
    until(lambda: shop.cart.attributes.get("_bazico_hold") in shop.stock.holds, page)
    page.wait_for_selector("#bazico-clock:not([hidden])")
    assert checkout.refusal(shop.cart, shop.stock) == ""


@each_door
def test_somebody_elses_unit_is_refused_there_or_at_the_checkout(shop: ThemeShop, visit: Visit, door: Door) -> None:
    page = open_page(shop, visit, door)
    somebody_holds_the_last(shop)
    door.take(shop, page)
    page.wait_for_selector("#bazico-note:not([hidden])")
    assert re.search(r"Em outros carrinhos até \d\d:\d\d", page.inner_text("#bazico-text"))
    if door.refused == "stays":
        assert re.search(r"em outros carrinhos até \d\d:\d\d \(hora da loja\)", checkout.refusal(shop.cart, shop.stock))
    else:
        until(lambda: shop.cart.units("SKU-A") == 0, page)
    assert shop.stock.held("SKU-A") == 1


@pytest.mark.parametrize("name", [name for name in kept_out if name != "form"])
def test_what_is_kept_out_never_enters_the_cart(shop: ThemeShop, visit: Visit, name: str) -> None:
    page = open_page(shop, visit, DOORS[name])
    somebody_holds_the_last(shop)
    adds: list[str] = []
    page.on("request", lambda request: adds.append(request.url) if request.method == "POST" else None)
    DOORS[name].take(shop, page)
    assert [url for url in adds if "/cart/add" in url or "cartLinesAdd" in url] == []
    assert shop.cart.items == []


def test_an_agent_gets_words_to_pass_on_and_when_to_try_again(shop: ThemeShop, visit: Visit) -> None:
    door = DOORS["WebMCP tool"]
    page = open_page(shop, visit, door)
    somebody_holds_the_last(shop)
    answer = page.evaluate(door.script)
    (error,) = answer["userErrors"]
    assert error["message"].startswith("Em outros carrinhos até ")
    (hold,) = shop.stock.holds.values()
    assert answer["detail"]["retry_at"] >= hold["created_at"]
    assert answer["cart"]["totalQuantity"] == 0


def test_a_theme_still_configures_the_action(shop: ThemeShop, visit: Visit) -> None:
    page = open_page(shop, visit, DOORS["fetch"])
    configured = """async () => {
        const handler = async (byDefault) => ({ ...(await byDefault()), detail: { by: "the theme" } });
        const done = Shopify.actions.updateCart.configure({ eventTarget: () => document, handler });
        return [done, Shopify.actions.updateCart.isDefault()];
    }"""
    assert page.evaluate(configured) == [True, False]
    assert page.evaluate(f"Shopify.actions.updateCart({ADD})")["detail"] == {"by": "the theme"}
    until(lambda: shop.stock.held("SKU-A") == shop.cart.units("SKU-A") == 1, page)


def test_a_theme_whose_action_uses_fetch_does_not_wait_for_itself(shop: ThemeShop, visit: Visit) -> None:
    page = open_page(shop, visit, DOORS["fetch"])
    page.evaluate("""Shopify.actions.updateCart.configure({ eventTarget: () => document, handler: async () => {
        const status = await add.json("101");
        return { cart: (await Shopify.actions.getCart()).cart, detail: { status } };
    } })""")
    assert page.evaluate(f"Shopify.actions.updateCart({ADD})")["detail"] == {"status": 200}
    assert shop.stock.held("SKU-A") == shop.cart.units("SKU-A") == 1
    assert shop.stock.calls.count("/stock/reserve") == 1


def test_a_greater_quantity_by_the_action_is_held_or_taken_back_through_it(shop: ThemeShop, visit: Visit) -> None:
    page = open_page(shop, visit, DOORS["fetch"])
    page.evaluate("add.json('102', 2)")
    key = shop.cart.items[0]["key"]
    more = f"Shopify.actions.updateCart({{ lines: [{{ id: '{key}', quantity: QUANTITY }}] }})"
    assert page.evaluate(more.replace("QUANTITY", "3")).get("userErrors") == []
    assert shop.stock.held("SKU-B") == shop.cart.units("SKU-B") == 3
    shop.stock.free["SKU-B"] = 0
    assert page.evaluate(more.replace("QUANTITY", "5"))["userErrors"][0]["message"].startswith(
        "Em outros carrinhos até "
    )
    assert shop.stock.held("SKU-B") == shop.cart.units("SKU-B") == 3


def test_an_app_that_replaces_all_attributes_leaves_the_cart_named(shop: ThemeShop, visit: Visit) -> None:
    page = open_page(shop, visit, DOORS["fetch"])
    page.evaluate("add.json('102')")
    until(lambda: shop.cart.attributes.get("_bazico_hold"), page)
    shop.cart.attributes = {"entrega": "sábado"}
    page.evaluate("Shopify.actions.getCart()")
    until(lambda: shop.cart.attributes.get("_bazico_hold") in shop.stock.holds, page)
    assert shop.cart.attributes["entrega"] == "sábado"


def test_the_table_in_the_docs_has_these_doors() -> None:
    text = (ROOT / "docs" / "storefront.md").read_text()
    for name, door in DOORS.items():
        assert f"| {name} | {door.held} |" in text, name
