"""What a link brings, the shop's cart has; whose cart and whose holds those are it does not decide."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from urllib.parse import quote
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page

from .cart import Cart
from .shop import ThemeShop
from .waiting import until

Visit = Callable[..., Page]


def ours(shop: ThemeShop) -> Cart:
    """The cart of the browser that opened a link."""
    return next(cart for name, cart in shop.carts.items() if name != "ana")


def link(attributes: Mapping[str, str], properties: Mapping[str, str] | None = None) -> str:
    """A permalink to a cart with a unit of SKU-B, as anybody can write it."""
    named = "".join(f"&attributes%5B{name}%5D={quote(value)}" for name, value in attributes.items())
    coded = f"&properties={urlsafe_b64encode(json.dumps(properties).encode()).decode()}" if properties else ""
    return f"/cart/102:1?storefront=true{named}{coded}&note=Presente"


@pytest.fixture
def anas(shop: ThemeShop, shopper: Callable[[], BrowserContext]) -> Cart:
    """Ana's cart of two units, with its names."""
    context = shopper()
    context.add_cookies([{"name": "cart", "value": "ana", "url": shop.url}])
    page = context.new_page()
    page.goto(shop.url)
    page.evaluate("add.json('102', 2)")
    until(lambda: shop.carts["ana"].attributes.get("_bazico_token"), page)
    return shop.carts["ana"]


def test_a_name_that_a_link_brings_is_not_taken(shop: ThemeShop, visit: Visit) -> None:
    brought = str(uuid4())
    page = visit(link({"_bazico_cart": brought}))
    until(lambda: ours(shop).attributes["_bazico_cart"] != brought, page)
    until(lambda: shop.stock.held("SKU-B") == 1, page)
    assert {hold["cart_token"] for hold in shop.stock.holds.values()} == {ours(shop).attributes["_bazico_cart"]}


def test_a_link_with_all_the_names_of_anothers_cart_leaves_her_holds_alone(
    shop: ThemeShop, visit: Visit, anas: Cart
) -> None:
    names = dict(anas.attributes)
    (line,) = anas.items
    page = visit(link(names, line["properties"]))
    until(lambda: shop.stock.held("SKU-B") == 3, page)
    own = ours(shop).attributes
    until(lambda: own["_bazico_cart"] != names["_bazico_cart"] and own["_bazico_token"] == ours(shop).token, page)
    end = own["_bazico_cart"][-12:]
    until(lambda: ours(shop).items[0]["properties"]["_bazico_hold"].endswith(end), page)
    page.evaluate("post('/cart/clear.js', {})")
    until(lambda: shop.stock.held("SKU-B") == 2, page)
    assert (anas.units("SKU-B"), anas.attributes) == (2, names)


def test_a_browser_that_had_a_cart_goes_on_under_a_name_of_its_own(shop: ThemeShop, visit: Visit, anas: Cart) -> None:
    first = visit()
    first.evaluate("add.json('101')")
    until(lambda: ours(shop).attributes.get("_bazico_cart"), first)
    page = visit(link(anas.attributes))
    until(lambda: ours(shop).attributes["_bazico_token"] == ours(shop).token, page)
    assert ours(shop).attributes["_bazico_cart"] != anas.attributes["_bazico_cart"]
    assert page.evaluate("JSON.parse(localStorage.bazico).cart") == ours(shop).attributes["_bazico_cart"]


def test_a_cart_that_a_lines_property_names_is_not_ours(shop: ThemeShop, visit: Visit) -> None:
    brought = str(uuid4())
    page = visit(link({}, {"_bazico_cart": brought}))
    until(lambda: shop.stock.held("SKU-B") == 1, page)
    assert {hold["cart_token"] for hold in shop.stock.holds.values()} != {brought}
    until(lambda: ours(shop).attributes.get("_bazico_cart") not in (None, brought), page)


def test_rubbish_in_a_link_hurts_nobody(shop: ThemeShop, visit: Visit) -> None:
    page = visit(link({"_bazico_cart": "", "_bazico_hold": "x" * 400, "_bazico_token": "?"}, {"_bazico_hold": ":,:"}))
    until(lambda: shop.stock.held("SKU-B") == 1, page)
    until(lambda: ours(shop).attributes["_bazico_hold"] in shop.stock.holds, page)
