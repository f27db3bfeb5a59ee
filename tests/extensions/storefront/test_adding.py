"""Before a unit enters a cart it is held for that cart, however the theme adds it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from .shop import ThemeShop
from .waiting import until

Visit = Callable[..., Page]

READABLE = ["json", "flat", "form", "parameters", "text", "absolute", "relative", "locale", "url", "numbered", "xhr"]
OPAQUE = ["several", "blob", "request"]
each_api = pytest.mark.parametrize("way", ["json", "form", "xhr", "request"])


@pytest.mark.parametrize("way", READABLE)
def test_a_unit_is_held_before_it_enters_the_cart(shop: ThemeShop, visit: Visit, way: str) -> None:
    assert visit().evaluate(f"add.{way}('101')") == 200
    (hold,) = shop.stock.holds
    (item,) = shop.cart.items
    assert item["properties"]["_bazico_hold"].split(":")[0] == hold


@pytest.mark.parametrize("way", ["json", *OPAQUE])
def test_what_is_in_the_cart_is_held_and_the_cart_says_so(shop: ThemeShop, visit: Visit, way: str) -> None:
    assert visit().evaluate(f"add.{way}('102')") == 200
    until(lambda: shop.cart.attributes.get("_bazico_hold") in shop.stock.holds)
    assert shop.stock.held("SKU-B") == shop.cart.units("SKU-B") == 1
    assert shop.cart.attributes["_bazico_cart"]


@each_api
def test_a_held_unit_enters_no_other_cart_and_the_shopper_is_told(shop: ThemeShop, visit: Visit, way: str) -> None:
    shop.stock.free["SKU-A"] = 0
    page = visit()
    assert page.evaluate(f"add.{way}('101')") == 422
    assert shop.cart.items == []
    assert "Em outros carrinhos até " in page.inner_text("#bazico-text")


@each_api
def test_a_grid_that_tells_no_sku_adds_and_then_holds(shop: ThemeShop, visit: Visit, way: str) -> None:
    assert visit("/grid").evaluate(f"add.{way}('101')") == 200
    until(lambda: shop.stock.held("SKU-A") == shop.cart.units("SKU-A") == 1)


@each_api
def test_a_grid_takes_a_unit_out_again_that_cannot_be_held(shop: ThemeShop, visit: Visit, way: str) -> None:
    shop.stock.free["SKU-A"] = 0
    page = visit("/grid")
    assert page.evaluate(f"add.{way}('101')") == 422
    assert shop.cart.units("SKU-A") == 0
    assert page.is_visible("#bazico-note")


def test_a_grid_takes_out_only_what_it_put_in(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    assert page.evaluate("add.json('101')") == 200
    assert visit("/grid").evaluate("add.json('101')") == 422
    assert shop.cart.units("SKU-A") == shop.stock.held("SKU-A") == 1


def test_several_lines_enter_the_cart_together_or_not_at_all(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.free["SKU-A"] = 0
    both = "post('/cart/add.js', { items: [{ id: 102, quantity: 2 }, { id: 101, quantity: 1 }] })"
    assert visit().evaluate(both) == 422
    assert shop.cart.items == []
    assert shop.stock.held("SKU-B") == 0


def test_a_line_beside_one_that_is_not_ours_is_held_all_the_same(shop: ThemeShop, visit: Visit) -> None:
    both = "post('/cart/add.js', { items: [{ id: 103, quantity: 1 }, { id: 101, quantity: 1 }] })"
    assert visit().evaluate(both) == 200
    assert shop.cart.units("SKU-C") == 1
    assert shop.stock.held("SKU-A") == shop.cart.units("SKU-A") == 1


def test_a_product_that_the_service_does_not_know_is_sold_as_ever(shop: ThemeShop, visit: Visit) -> None:
    assert visit().evaluate("add.json('103')") == 200
    assert shop.cart.units("SKU-C") == 1


def test_a_refused_theme_gets_the_answer_that_shopify_would_send(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.free["SKU-A"] = 0
    answer = visit().evaluate("fetch('/cart/add.js', json({ id: 101 })).then((a) => a.json())")
    assert answer["status"] == 422
    assert answer["message"] == answer["description"] == answer["errors"]


def test_a_theme_gets_the_sections_that_it_asked_for(shop: ThemeShop, visit: Visit) -> None:
    asked = "{ id: 101, sections: ['cart-drawer', 'cart-icon'], sections_url: '/' }"
    answer = visit().evaluate(f"fetch('/cart/add.js', json({asked})).then((a) => a.json())")
    assert set(answer["sections"]) == {"cart-drawer", "cart-icon"}
    assert shop.stock.held("SKU-A") == 1


def test_a_form_that_the_theme_uses_again_at_once_adds_both(shop: ThemeShop, visit: Visit) -> None:
    twice = """() => {
        const body = formed([["id", "101"]]);
        const first = sent(body);
        body.set("id", "102");
        return Promise.all([first, sent(body)]);
    }"""
    assert visit().evaluate(twice) == [200, 200]
    assert shop.cart.units("SKU-A") == shop.cart.units("SKU-B") == 1


def test_an_upload_in_the_form_arrives_with_the_line(shop: ThemeShop, visit: Visit) -> None:
    upload = "sent(formed([['id', '101'], ['properties[Foto]', new File(['gato'], 'foto.txt')]]))"
    assert visit().evaluate(upload) == 200
    assert set(shop.cart.items[0]["properties"]) == {"Foto", "_bazico_hold"}


def test_an_addition_that_the_theme_gave_up_adds_nothing_and_holds_nothing(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.delay_seconds = 0.3
    page = visit()
    aborted = """() => {
        const { signal, abort } = { signal: AbortSignal.timeout(100) };
        return fetch("/cart/add.js", { ...json({ id: 101 }), signal }).catch((error) => error.name);
    }"""
    assert page.evaluate(aborted) in ("TimeoutError", "AbortError")
    page.evaluate("add.json('102')")
    until(lambda: shop.stock.held("SKU-A") == shop.cart.units("SKU-A") == 0)


def test_a_unit_that_shopify_refuses_is_given_back(shop: ThemeShop, visit: Visit) -> None:
    shop.refuses = True
    assert visit().evaluate("add.json('101')") == 422
    until(lambda: shop.stock.free["SKU-A"] == 1)


def test_a_plain_form_holds_the_unit_and_goes_to_the_cart(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.click("#native button")
    page.wait_for_url("**/cart")
    (hold,) = shop.stock.holds
    assert shop.cart.items[0]["properties"]["_bazico_hold"].split(":")[0] == hold


def test_a_plain_form_goes_where_the_theme_says(shop: ThemeShop, visit: Visit) -> None:
    shop.theme.form = '<input type="hidden" name="return_to" value="/checkout">'
    page = visit()
    page.click("#native button")
    page.wait_for_url("**/checkout")
    assert shop.cart.units("SKU-A") == shop.stock.held("SKU-A") == 1


def test_a_plain_form_for_a_held_unit_stays_and_says_why(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.free["SKU-A"] = 0
    page = visit()
    page.click("#native button")
    page.wait_for_selector("#bazico-note:not([hidden])")
    assert page.url == f"{shop.url}/"
    assert shop.cart.items == []


def test_a_plain_form_that_is_clicked_twice_adds_once(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.delay_seconds = 0.2
    page = visit()
    page.evaluate("for (const n of [1, 2]) document.querySelector('#native button').click()")
    page.wait_for_url("**/cart")
    assert shop.cart.units("SKU-A") == 1


def test_a_button_with_an_address_of_its_own_goes_there(shop: ThemeShop, visit: Visit) -> None:
    shop.theme.form = '<button name="buy" formmethod="get" formaction="/checkout">Comprar já</button>'
    page = visit()
    page.click("[name=buy]")
    page.wait_for_url("**/checkout?**")
    assert shop.cart.items == []


def test_a_shopper_who_clicks_on_at_once_finds_the_unit_in_the_cart(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.delay_seconds = 0.2
    page = visit()
    page.evaluate("add.json('102'); document.querySelector('a').click()")
    page.wait_for_url("**/other")
    until(lambda: shop.cart.units("SKU-B") == shop.stock.held("SKU-B") == 1, page)
