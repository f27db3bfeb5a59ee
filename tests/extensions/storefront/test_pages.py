"""A shopper goes back, opens tabs, comes by a link, or takes an express button: the holds follow the cart."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page

from .shop import ThemeShop
from .waiting import until

Visit = Callable[..., Page]


# Playwright cannot take a page into the back/forward cache and out again, but it can fire the browser's two events.
AWAY_AND_BACK = """([hide, show]) => { for (const name of [hide, show])
    dispatchEvent(new PageTransitionEvent(name, { persisted: true })) }"""


def test_a_page_that_comes_back_as_it_was_learns_what_the_cart_became(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate("add.json('102', 3)")
    until(lambda: shop.cart.attributes.get("_bazico_hold"))
    shop.cart.change({"id": 102, "quantity": 1})
    page.evaluate(AWAY_AND_BACK, ["pagehide", "pageshow"])
    until(lambda: shop.stock.held("SKU-B") == 1)


def test_a_page_that_came_back_holds_before_it_adds(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate(AWAY_AND_BACK, ["pagehide", "pageshow"])
    shop.stock.free["SKU-A"] = 0
    assert page.evaluate("add.json('101')") == 422
    assert shop.cart.items == []


def test_a_page_that_is_loaded_again_on_the_way_back_learns_it_too(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate("add.json('102', 3)")
    until(lambda: shop.cart.attributes.get("_bazico_hold"))
    page.goto(f"{shop.url}/checkout")
    shop.cart.change({"id": 102, "quantity": 1})
    page.go_back()
    until(lambda: shop.stock.held("SKU-B") == 1, page)


def test_a_plain_form_can_be_used_again_after_going_back(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.fill("[name=quantity]", "1")
    page.evaluate("document.querySelector('[name=id]').value = '102'")
    page.click("#native button")
    page.wait_for_url("**/cart")
    page.go_back()
    page.evaluate("document.querySelector('[name=id]').value = '102'")
    page.click("#native button")
    page.wait_for_url("**/cart")
    until(lambda: shop.stock.held("SKU-B") == shop.cart.units("SKU-B") == 2, page)


def test_two_tabs_at_once_hold_what_they_put_into_the_cart(shop: ThemeShop, visit: Visit) -> None:
    one, other = visit(), visit()
    one.evaluate("window.done = add.json('102', 2); 0")
    other.evaluate("window.done = add.json('102', 1); 0")
    assert one.evaluate("done") == other.evaluate("done") == 200
    until(lambda: shop.stock.held("SKU-B") == shop.cart.units("SKU-B") == 3)


def test_a_tab_stops_counting_when_another_one_emptied_the_cart(shop: ThemeShop, visit: Visit) -> None:
    one, other = visit(), visit()
    one.evaluate("add.json('101')")
    one.wait_for_selector("#bazico-clock", state="visible")
    other.evaluate("post('/cart/clear.js', {})")
    one.wait_for_selector("#bazico-clock", state="hidden")


def test_a_tab_that_hangs_does_not_keep_another_from_buying(shop: ThemeShop, visit: Visit) -> None:
    hanging, page = visit(), visit()
    hanging.evaluate("navigator.locks.request('bazico', () => new Promise(() => {})); 0")
    assert page.evaluate("add.json('101')") == 200
    assert shop.stock.held("SKU-A") == shop.cart.units("SKU-A") == 1


def test_a_cart_that_came_by_a_permalink_is_held_on_the_first_page(shop: ThemeShop, visit: Visit) -> None:
    visit("/cart/102:2?storefront=true")
    until(lambda: shop.stock.held("SKU-B") == shop.cart.units("SKU-B") == 2)


def test_a_permalink_that_replaces_the_cart_gives_its_units_back(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate("add.json('101')")
    page.goto(f"{shop.url}/cart/102:2")
    assert page.url.endswith("/checkout")
    page.goto(f"{shop.url}/cart")
    until(lambda: shop.stock.held("SKU-B") == 2 and shop.stock.held("SKU-A") == 0, page)


def test_a_permalink_to_a_held_unit_is_told_on_the_cart_page(
    shop: ThemeShop, visit: Visit, shopper: Callable[[], BrowserContext]
) -> None:
    visit().evaluate("add.json('101')")
    beto = shopper().new_page()
    beto.goto(f"{shop.url}/cart/101:1?storefront=true")
    beto.wait_for_selector("#bazico-note", state="visible")
    assert "Em outros carrinhos até " in beto.inner_text("#bazico-text")
    assert shop.stock.held("SKU-A") == 1


def test_an_express_button_is_left_alone(shop: ThemeShop, visit: Visit) -> None:
    shop.theme.form = '<button type="button" id="express">Shop Pay</button>'
    page = visit()
    page.evaluate("""document.querySelector("#express").onclick = () =>
        fetch("/wallets/checkouts.json", json({})).catch(() => {}).then(() => location.assign("/cart/101:1")); 0""")
    page.click("#express")
    page.wait_for_url("**/checkout")
    assert page.inner_text("#lines") == "1"


def test_a_link_that_adds_is_held_on_the_page_that_it_leads_to(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate("add.json('102')")
    shop.cart.add({"id": 102, "quantity": 2})
    page.goto(f"{shop.url}/cart")
    until(lambda: shop.stock.held("SKU-B") == 3, page)
