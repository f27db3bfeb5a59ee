"""The holds follow the cart: less, more, nothing, however the theme changes it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from .shop import ThemeShop
from .waiting import until

Visit = Callable[..., Page]

ONE_LEFT = {
    "by variant": "change(102, 1)",
    "by key": "fetch('/cart.js').then((a) => a.json()).then(({ items: [{ key }] }) => change(key, 1))",
    "by line": "post('/cart/change.js', { line: 1, quantity: 1 })",
    "by name": "post('/cart/update.js', { updates: { 102: 1 } })",
    "by array": "post('/cart/update.js', { updates: [1] })",
    "by form": "fetch('/cart/change', { method: 'POST', headers: { Accept: 'text/javascript' }, "
    "body: new URLSearchParams({ line: 1, quantity: 1 }) }).then((a) => a.status)",
    "by beacon": "navigator.sendBeacon('/cart/change.js', new Blob(['{\"line\":1,\"quantity\":1}'], "
    "{ type: 'application/json' })) && 200",
    "by request": "new Promise((done) => { const xhr = new XMLHttpRequest(); xhr.open('POST', '/cart/change.js'); "
    "xhr.setRequestHeader('Content-Type', 'application/json'); xhr.onload = () => done(xhr.status); "
    'xhr.send(\'{"line":1,"quantity":1}\'); })',
    "by waiting": "(() => { const xhr = new XMLHttpRequest(); xhr.open('POST', '/cart/change.js', false); "
    "xhr.setRequestHeader('Content-Type', 'application/json'); xhr.send('{\"line\":1,\"quantity\":1}'); "
    "return xhr.status; })()",
}


@pytest.mark.parametrize("change", ONE_LEFT.values(), ids=ONE_LEFT.keys())
def test_a_smaller_quantity_gives_units_back(shop: ThemeShop, visit: Visit, change: str) -> None:
    page = visit()
    page.evaluate("add.json('102', 3)")
    assert page.evaluate(change) == 200
    until(lambda: shop.stock.held("SKU-B") == shop.cart.units("SKU-B") == 1, page)
    assert shop.stock.free["SKU-B"] == 4


@pytest.mark.parametrize(
    "change",
    ["change(102, 0)", "post('/cart/clear.js', {})", "post('/cart/update.js', { updates: [0] })"],
    ids=["change", "clear", "update"],
)
def test_a_removed_line_gives_all_its_units_back(shop: ThemeShop, visit: Visit, change: str) -> None:
    page = visit()
    page.evaluate("add.json('102', 3)")
    assert page.evaluate(change) == 200
    until(lambda: shop.stock.free["SKU-B"] == 5, page)
    assert "/stock/release" in shop.stock.calls


FOUR = {"by fetch": "change(102, 4)", "by request": "asked('/cart/change.js', 'id=102&quantity=4')"}
each_four = pytest.mark.parametrize("change", FOUR.values(), ids=FOUR.keys())


@each_four
def test_a_greater_quantity_is_held_before_the_theme_hears_of_it(shop: ThemeShop, visit: Visit, change: str) -> None:
    page = visit()
    page.evaluate("add.json('102', 1)")
    assert page.evaluate(change) == 200
    assert shop.stock.held("SKU-B") == shop.cart.units("SKU-B") == 4


@each_four
def test_a_greater_quantity_than_is_free_is_undone_and_refused(shop: ThemeShop, visit: Visit, change: str) -> None:
    page = visit()
    page.evaluate("add.json('102', 2)")
    shop.stock.free["SKU-B"] = 1
    assert page.evaluate(change) == 422
    assert shop.stock.held("SKU-B") == shop.cart.units("SKU-B") == 2
    assert "Livres agora: 1. Pode haver de novo às" in page.inner_text("#bazico-text")


def test_one_unit_more_of_a_line_holds_the_sum(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate("add.json('102', 2)")
    page.evaluate("add.json('102', 1)")
    assert shop.stock.held("SKU-B") == shop.cart.units("SKU-B") == 3
    assert len(shop.cart.items) == 1


def test_a_cart_keeps_what_it_held_when_more_is_refused(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate("add.json('102', 5)")
    assert page.evaluate("add.json('102', 1)") == 422
    assert shop.stock.held("SKU-B") == shop.cart.units("SKU-B") == 5


def test_a_note_for_the_shop_changes_no_hold(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate("add.json('101')")
    until(lambda: shop.cart.attributes.get("_bazico_hold"))
    assert page.evaluate("post('/cart/update.js', { attributes: { presente: 'sim' } })") == 200
    assert shop.cart.attributes["presente"] == "sim"
    assert list(shop.stock.holds) == [shop.cart.attributes["_bazico_hold"]]


def test_a_request_is_told_its_end_once_and_a_lost_one_is_no_success(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    heard = """(address) => new Promise((done) => {
        const xhr = new XMLHttpRequest(), ends = [];
        for (const name of ["load", "error", "loadend"]) xhr["on" + name] = () => ends.push(name);
        xhr.onreadystatechange = () => xhr.readyState === 4 && ends.push(4);
        xhr.addEventListener("loadend", () => setTimeout(() => done(ends), 300));
        xhr.open("POST", address);
        xhr.send("id=102");
    })"""
    assert page.evaluate(heard, "/cart/add.js") == [4, "load", "loadend"]
    page.route("**/cart/add.js", lambda route: route.abort())
    assert sorted(map(str, page.evaluate(heard, "/cart/add.js"))) == ["4", "error", "loadend"]
    until(lambda: shop.stock.held("SKU-B") == shop.cart.units("SKU-B"), page)
