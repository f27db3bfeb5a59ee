"""What a shopper sees: a countdown while a hold lives, a note where there is something to say, and no layout shift."""

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import Page

from .shop import ThemeShop
from .waiting import until

Visit = Callable[..., Page]

WATCH_SHIFTS = """window.shift = 0; new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true })"""


def test_the_countdown_is_shown_only_while_a_hold_lives(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.hold_seconds, shop.stock.ceiling_seconds = 6, 6
    page = visit()
    assert page.is_hidden("#bazico-clock")
    page.evaluate("add.json('101')")
    page.wait_for_selector("#bazico-clock:not([hidden])")
    assert page.inner_text("#bazico-time").startswith("Reservado para você por 00:0")
    page.wait_for_selector("#bazico-clock", state="hidden")
    page.wait_for_selector("#bazico-again", state="visible")
    assert "O tempo da reserva acabou" in page.inner_text("#bazico-text")
    assert shop.cart.units("SKU-A") == 1


def test_a_hold_is_called_over_only_when_it_is_over_at_the_service_too(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.hold_seconds, shop.stock.ceiling_seconds = 5, 5
    page = visit()
    page.evaluate("add.json('101')")
    (hold,) = shop.stock.holds.values()
    page.wait_for_selector("#bazico-again", state="visible")
    assert datetime.fromisoformat(hold["expires_at"]) <= datetime.now(UTC)


def test_a_hold_that_ran_out_begins_anew_only_when_the_shopper_asks(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.hold_seconds, shop.stock.ceiling_seconds = 3, 3
    page = visit()
    page.evaluate("add.json('101')")
    page.wait_for_selector("#bazico-again", state="visible")
    asked = shop.stock.calls.count("/stock/reserve")
    shop.stock.holds, shop.stock.free, shop.stock.hold_seconds = {}, {"SKU-A": 1}, 600
    other = visit("/cart")
    other.wait_for_timeout(300)
    assert shop.stock.calls.count("/stock/reserve") == asked
    page.click("#bazico-again")
    page.wait_for_selector("#bazico-clock", state="visible")
    assert shop.stock.held("SKU-A") == 1


def test_the_countdown_goes_by_the_shops_clock_and_not_the_shoppers(shop: ThemeShop, visit: Visit) -> None:
    shop.theme.before = "const now = Date.now; Date.now = () => now() + 3600e3;"
    page = visit()
    page.evaluate("add.json('101')")
    page.wait_for_selector("#bazico-clock", state="visible")
    minutes, _, seconds = page.inner_text("#bazico-time").rpartition(" ")[2].partition(":")
    assert 570 <= int(minutes) * 60 + int(seconds) <= 600


def test_the_countdown_can_be_switched_off(shop: ThemeShop, visit: Visit) -> None:
    shop.theme.settings = {"countdown": False}
    page = visit()
    page.evaluate("add.json('101')")
    until(lambda: shop.cart.attributes.get("_bazico_hold"))
    assert page.is_hidden("#bazico-clock")


def test_a_bought_cart_is_followed_by_one_with_another_name(shop: ThemeShop, visit: Visit) -> None:
    visit().evaluate("add.json('102')")
    until(lambda: shop.cart.attributes.get("_bazico_cart"))
    first = shop.cart.attributes["_bazico_cart"]
    visit()
    shop.cart.items, shop.cart.attributes = [], {}
    visit().evaluate("add.json('102')")
    until(lambda: shop.cart.attributes.get("_bazico_cart"))
    assert shop.cart.attributes["_bazico_cart"] != first


def test_a_note_and_a_clock_move_nothing_in_the_page(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate(WATCH_SHIFTS)
    page.evaluate("add.json('101')")
    page.evaluate("add.json('101')")
    page.wait_for_selector("#bazico-clock", state="visible")
    page.wait_for_timeout(1200)
    assert page.is_visible("#bazico-note")
    assert page.evaluate("shift") == 0


def test_a_shift_of_the_page_would_be_noticed(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate(WATCH_SHIFTS)
    page.wait_for_timeout(600)
    page.evaluate("document.querySelector('h1').style.marginTop = '120px'")
    until(lambda: page.evaluate("shift") > 0, page)
