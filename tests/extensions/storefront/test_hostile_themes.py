"""Themes that throw, overwrite, replace and forbid: the shopper keeps the cart, and we throw nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from .shop import ThemeShop
from .waiting import until

Visit = Callable[..., Page]

THROW = "throw new Error('the theme\\'s')"

BEFORE = {
    "listeners that throw": f"for (const name of ['submit', 'click', 'pageshow', 'load', 'storage']) "
    f"addEventListener(name, () => {{ {THROW} }}, true);",
    "a broken window.Shopify": "Object.defineProperty(window, 'Shopify', { get() { " + THROW + " } });",
    "a fetch of its own": "const real = fetch; window.fetch = async (...all) => { await 0; return real(...all); };",
    "an XMLHttpRequest of its own": "window.XMLHttpRequest = class extends XMLHttpRequest {};",
    "storage that throws": "Object.defineProperty(window, 'localStorage', { get() { " + THROW + " } });",
    "storage full of rubbish": "localStorage.bazico = 'null';",
    "a longer Array": "Array.prototype.last = function () { return this.at(-1); };",
}


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE.keys())
def test_a_unit_is_held_in_a_theme_with(shop: ThemeShop, visit: Visit, before: str) -> None:
    shop.theme.before = before
    page = visit()
    for way in ("json", "xhr"):
        assert page.evaluate(f"add.{way}('102')") == 200
    until(lambda: shop.stock.held("SKU-B") == shop.cart.units("SKU-B") == 2, page)


WITHOUT_US = {
    "no fetch": "window.fetch = null;",
    "a fetch that throws": "window.fetch = () => { " + THROW + " };",
    "a fetch that answers nothing": "window.fetch = () => undefined;",
    "a fetch that nobody may replace": "Object.defineProperty(window, 'fetch', "
    "{ value: fetch, writable: false, configurable: false });",
}


@pytest.mark.parametrize("before", WITHOUT_US.values(), ids=WITHOUT_US.keys())
def test_the_shop_sells_in_a_theme_with(shop: ThemeShop, visit: Visit, before: str) -> None:
    shop.theme.before = before
    assert visit().evaluate("add.xhr('102')") == 200
    assert shop.cart.units("SKU-B") == 1


def test_a_fetch_that_the_theme_put_aside_is_followed_all_the_same(shop: ThemeShop, visit: Visit) -> None:
    shop.theme.before = "window.aside = fetch;"
    page = visit()
    assert page.evaluate("aside('/cart/add.js', json({ id: 102, quantity: 2 })).then((a) => a.status)") == 200
    until(lambda: shop.stock.held("SKU-B") == 2, page)


def test_a_fetch_that_replaces_ours_is_followed_all_the_same(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate("""() => {
        const frame = document.body.appendChild(document.createElement("iframe"));
        window.fetch = frame.contentWindow.fetch.bind(window);
    }""")
    assert page.evaluate("add.json('102')") == 200
    until(lambda: shop.stock.held("SKU-B") == 1, page)


def test_a_theme_that_sends_its_form_itself_adds_once(shop: ThemeShop, visit: Visit) -> None:
    shop.theme.after = """document.querySelector("#native").addEventListener("submit", (event) => {
        event.preventDefault();
        fetch("/cart/add.js", { method: "POST", body: new FormData(event.target) });
    });"""
    page = visit()
    page.click("#native button")
    until(lambda: shop.cart.units("SKU-A") == shop.stock.held("SKU-A") == 1, page)
    assert page.url == f"{shop.url}/"


def test_a_form_that_the_theme_stops_adds_nothing(shop: ThemeShop, visit: Visit) -> None:
    shop.theme.after = "document.querySelector('#native').addEventListener('submit', (e) => e.preventDefault());"
    page = visit()
    page.click("#native button")
    page.wait_for_timeout(300)
    assert shop.stock.calls == []
    assert shop.cart.items == []


def test_a_form_that_the_theme_draws_anew_is_held(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate("const old = document.querySelector('#native'); old.outerHTML = old.outerHTML;")
    page.click("#native button")
    page.wait_for_url("**/cart")
    assert shop.stock.held("SKU-A") == 1


def test_a_form_with_fields_named_like_its_own_members_is_sent(shop: ThemeShop, visit: Visit) -> None:
    shop.theme.form = "".join(f'<input type="hidden" name="{name}">' for name in ("submit", "target"))
    page = visit()
    page.click("#native button")
    page.wait_for_url("**/cart")
    assert shop.cart.units("SKU-A") == 1


def test_a_body_that_the_theme_replaces_takes_no_exception_along(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate("add.json('101')")
    page.evaluate("document.body.innerHTML = '<main>outra página</main>'")
    assert page.evaluate("add.json('101')") == 422
    page.evaluate("add.json('102')")
    until(lambda: shop.stock.held("SKU-B") == 1, page)


def test_a_script_that_is_loaded_twice_holds_once(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    for file in ("hold", "keeper"):
        page.add_script_tag(url=f"/bazico-{file}.js")
    assert page.evaluate("add.json('102')") == 200
    assert shop.stock.calls.count("/stock/reserve") == 1
