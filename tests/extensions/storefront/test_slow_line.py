"""A slow or broken line: one purchase is one hold, and the clock is shown as soon as the hold is known."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from .shop import ThemeShop
from .test_pages import AWAY_AND_BACK
from .waiting import until

Visit = Callable[..., Page]


def one_hold_of(shop: ThemeShop, units: int) -> bool:
    """Whether SKU-B is held once, for what the cart has."""
    holds = [hold["quantity"] for hold in shop.stock.holds.values() if hold["sku"] == "SKU-B"]
    return holds == [units] and shop.cart.units("SKU-B") == units


@pytest.mark.parametrize("seconds", [0.1, 1.2, 3])
def test_an_answer_counts_whenever_it_comes(shop: ThemeShop, visit: Visit, seconds: float) -> None:
    page = visit()
    shop.stock.answer_seconds = seconds
    assert page.evaluate("add.json('102')") == 200
    page.wait_for_selector("#bazico-clock:not([hidden])")
    until(lambda: shop.cart.attributes.get("_bazico_hold") in shop.stock.holds, page)
    assert one_hold_of(shop, 1)


def test_a_line_whose_hold_is_not_known_yet_names_its_cart(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    shop.stock.answer_seconds = 1.5
    page.evaluate("add.json('102')")
    name = page.evaluate("JSON.parse(localStorage.bazico).cart")
    assert shop.cart.items[0]["properties"] == {"_bazico_cart": name}
    until(lambda: shop.cart.attributes.get("_bazico_cart") == name, page)


def test_a_refusal_that_comes_late_is_told(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    shop.stock.free["SKU-A"], shop.stock.answer_seconds = 0, 1.2
    assert page.evaluate("add.json('101')") == 200
    page.wait_for_selector("#bazico-note:not([hidden])")
    assert "Em outros carrinhos até " in page.inner_text("#bazico-text")
    # What a shopper was given is not taken away again; the checkout decides.
    assert shop.cart.units("SKU-A") == 1


@pytest.mark.parametrize("lost", [1, 2])
def test_a_lost_answer_is_asked_for_again_under_its_key(shop: ThemeShop, visit: Visit, lost: int) -> None:
    page = visit()
    shop.stock.loses = lost
    assert page.evaluate("add.json('102', 2)") == 200
    page.wait_for_selector("#bazico-clock:not([hidden])")
    until(lambda: one_hold_of(shop, 2), page)


def test_a_cart_that_changes_before_its_call_is_decided_ends_with_what_it_has(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    shop.stock.answer_seconds = 2
    page.evaluate("add.json('102')")
    page.evaluate("change(102, 3)")
    shop.stock.answer_seconds = 0
    until(lambda: one_hold_of(shop, 3), page)


def test_units_that_left_while_the_line_was_slow_are_given_back(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    shop.stock.answer_seconds = 2
    page.evaluate("add.json('102')")
    shop.stock.answer_seconds = 0
    page.evaluate("change(102, 0)")
    until(lambda: shop.stock.holds == {} and shop.stock.free["SKU-B"] == 5, page)


def test_a_lost_release_is_sent_again(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate("add.json('102')")
    until(lambda: shop.cart.attributes.get("_bazico_hold"), page)
    shop.stock.down = True
    page.evaluate("change(102, 0)")
    shop.stock.down = False
    until(lambda: shop.stock.free["SKU-B"] == 5, page)


def test_a_page_that_is_loaded_again_meanwhile_holds_once(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    shop.stock.answer_seconds = 1.5
    page.evaluate("add.json('102')")
    page.reload()
    until(lambda: one_hold_of(shop, 1), page)
    page.wait_for_selector("#bazico-clock:not([hidden])")


def test_a_page_that_comes_back_meanwhile_holds_once(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    shop.stock.answer_seconds = 1.5
    page.evaluate("add.json('102')")
    page.evaluate(AWAY_AND_BACK, ["pagehide", "pageshow"])
    page.wait_for_selector("#bazico-clock:not([hidden])")
    until(lambda: one_hold_of(shop, 1), page)


def test_two_tabs_on_a_slow_line_hold_the_sum_once(shop: ThemeShop, visit: Visit) -> None:
    one, other = visit(), visit()
    shop.stock.answer_seconds = 1.5
    one.evaluate("window.done = add.json('102', 2); 0")
    other.evaluate("window.done = add.json('102', 1); 0")
    assert one.evaluate("done") == other.evaluate("done") == 200
    until(lambda: one_hold_of(shop, 3), one)


def test_a_line_that_breaks_in_the_middle_is_made_good_when_it_is_back(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate("add.json('102')")
    until(lambda: shop.cart.attributes.get("_bazico_hold"), page)
    page.context.set_offline(True)
    assert page.evaluate("add.json('102').catch(() => 0)") == 0
    page.context.set_offline(False)
    assert page.evaluate("add.json('102')") == 200
    until(lambda: one_hold_of(shop, 2), page)


def test_a_keeper_whose_file_comes_late_holds_what_was_sold_meanwhile(shop: ThemeShop, visit: Visit) -> None:
    page = visit("/other")
    page.route("**/bazico-keeper.js", lambda route: None)
    page.goto(f"{shop.url}/", wait_until="commit")
    page.wait_for_function("window.add && window.fetch !== document.querySelector('#bazico-config').hold")
    assert page.evaluate("add.json('102')") == 200
    assert shop.cart.units("SKU-B") == 1
    page.unroute("**/bazico-keeper.js")
    page.goto(f"{shop.url}/")
    until(lambda: one_hold_of(shop, 1), page)
