"""The app embed in a real browser, in a shop that behaves like Shopify's."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from .places import program
from .theme_shop import ThemeShop


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = program("chromium", "REQUIRE_CHROMIUM")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def shop() -> Iterator[ThemeShop]:
    shop = ThemeShop()
    yield shop
    shop.close()


@pytest.fixture
def errors() -> list[str]:
    return []


@pytest.fixture
def visit(browser: Browser, shop: ThemeShop, errors: list[str]) -> Iterator[Callable[[str], Page]]:
    """Open pages of one shopper; a test during which a page threw fails."""
    context = browser.new_context(locale="pt-BR")
    context.on("weberror", lambda error: errors.append(str(error.error)))

    def visit(path: str = "/") -> Page:
        page = context.new_page()
        page.goto(shop.url + path)
        return page

    yield visit
    context.close()
    assert errors == []


def until(condition: Callable[[], Any], seconds: float = 5) -> None:
    """Wait for the shop to be told, while the browser goes on by itself."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


type_of_add = pytest.mark.parametrize("call", ["byFetch('101')", "byForm('101')", "byXhr('101')"])


@type_of_add
def test_a_unit_is_held_before_it_enters_the_cart(shop: ThemeShop, visit: Callable[..., Page], call: str) -> None:
    assert visit().evaluate(call) == 200
    (hold,) = shop.stock.holds
    (item,) = shop.cart.items
    assert item["properties"] == {"_bazico_hold": hold}
    until(lambda: shop.cart.attributes.get("_bazico_hold") == hold)
    assert shop.cart.attributes["_bazico_cart"]


@type_of_add
def test_a_held_unit_never_enters_another_cart_and_the_shopper_is_told(
    shop: ThemeShop, visit: Callable[..., Page], call: str
) -> None:
    shop.stock.free["SKU-A"] = 0
    page = visit()
    assert page.evaluate(call) in (422, "error")
    assert shop.cart.items == []
    assert "Não há unidades livres" in page.inner_text("#bazico-text")
    assert "Pode haver de novo às" in page.inner_text("#bazico-text")


def test_a_plain_form_holds_the_unit_and_goes_to_the_cart(shop: ThemeShop, visit: Callable[..., Page]) -> None:
    page = visit()
    page.click("#native button")
    page.wait_for_url("**/cart")
    (hold,) = shop.stock.holds
    assert shop.cart.items[0]["properties"] == {"_bazico_hold": hold}


def test_a_plain_form_for_a_held_unit_stays_and_says_why(shop: ThemeShop, visit: Callable[..., Page]) -> None:
    shop.stock.free["SKU-A"] = 0
    page = visit()
    page.click("#native button")
    page.wait_for_selector("#bazico-note:not([hidden])")
    assert page.url == f"{shop.url}/"
    assert shop.cart.items == []


def test_a_grid_that_tells_no_sku_adds_and_then_holds(shop: ThemeShop, visit: Callable[..., Page]) -> None:
    assert visit("/grid").evaluate("byFetch('101')") == 200
    assert shop.stock.held("SKU-A") == shop.cart.units("SKU-A") == 1


def test_a_grid_takes_a_unit_out_again_that_cannot_be_held(shop: ThemeShop, visit: Callable[..., Page]) -> None:
    shop.stock.free["SKU-A"] = 0
    assert visit("/grid").evaluate("byFetch('101')") == 422
    assert shop.cart.units("SKU-A") == 0


def test_a_smaller_quantity_gives_units_back(shop: ThemeShop, visit: Callable[..., Page]) -> None:
    page = visit()
    page.evaluate("byFetch('102', 3)")
    page.evaluate("change('102', 1)")
    until(lambda: shop.stock.held("SKU-B") == 1)
    assert shop.stock.free["SKU-B"] == 4


def test_a_removed_line_gives_all_its_units_back(shop: ThemeShop, visit: Callable[..., Page]) -> None:
    page = visit()
    page.evaluate("byFetch('102', 3)")
    page.evaluate("change('102', 0)")
    until(lambda: shop.stock.free["SKU-B"] == 5)
    assert "/stock/release" in shop.stock.calls


def test_two_tabs_at_once_hold_what_they_put_into_the_cart(shop: ThemeShop, visit: Callable[..., Page]) -> None:
    one, other = visit(), visit()
    one.evaluate("window.done = byFetch('102', 2); 0")
    other.evaluate("window.done = byFetch('102', 1); 0")
    assert one.evaluate("done") == other.evaluate("done") == 200
    assert shop.stock.held("SKU-B") == shop.cart.units("SKU-B") == 3


@pytest.mark.parametrize("trouble", [{"down": True}, {"delay_seconds": 3}], ids=["dead", "slow"])
def test_a_shop_that_stays_open_sells_without_the_service(
    shop: ThemeShop, visit: Callable[..., Page], trouble: dict[str, Any]
) -> None:
    page = visit()
    vars(shop.stock).update(trouble)
    assert page.evaluate("byFetch('101')") == 200
    assert shop.cart.units("SKU-A") == 1
    assert page.is_hidden("#bazico-clock")


def test_a_shop_that_closes_asks_the_shopper_to_try_again(shop: ThemeShop, visit: Callable[..., Page]) -> None:
    shop.settings, shop.stock.down = {"closed": True}, True
    page = visit()
    assert page.evaluate("byFetch('101')") == 422
    assert shop.cart.items == []
    assert "Tente de novo" in page.inner_text("#bazico-text")


def test_a_product_that_the_service_does_not_know_is_sold_as_ever(shop: ThemeShop, visit: Callable[..., Page]) -> None:
    del shop.stock.free["SKU-A"]
    assert visit().evaluate("byFetch('101')") == 200
    assert shop.cart.units("SKU-A") == 1


def test_the_countdown_is_shown_only_while_a_hold_lives(shop: ThemeShop, visit: Callable[..., Page]) -> None:
    shop.stock.hold_seconds = 3
    page = visit()
    assert page.is_hidden("#bazico-clock")
    page.evaluate("byFetch('101')")
    assert page.inner_text("#bazico-time").startswith("Reservado para você por")
    page.wait_for_selector("#bazico-clock", state="hidden", timeout=6000)
    assert "O tempo da reserva acabou" in page.inner_text("#bazico-text")
    assert shop.cart.units("SKU-A") == 1


def test_the_cart_page_extends_a_short_hold_once(shop: ThemeShop, visit: Callable[..., Page]) -> None:
    shop.stock.hold_seconds = 60
    visit().evaluate("byFetch('101')")
    page = visit("/cart")
    until(lambda: page.evaluate("1") and "/stock/extend" in shop.stock.calls)
    page.wait_for_timeout(2500)
    assert shop.stock.calls.count("/stock/extend") == 1
    assert "/cart/validate" in shop.stock.calls


def test_a_bought_cart_is_followed_by_one_with_another_name(shop: ThemeShop, visit: Callable[..., Page]) -> None:
    visit().evaluate("byFetch('101')")
    first = shop.cart.attributes["_bazico_cart"]
    shop.cart.items, shop.cart.attributes, shop.stock.holds = [], {}, {}
    visit().evaluate("byFetch('102')")
    assert shop.cart.attributes["_bazico_cart"] != first


def test_a_note_and_a_clock_move_nothing_in_the_page(shop: ThemeShop, visit: Callable[..., Page]) -> None:
    page = visit()
    page.evaluate("window.shift = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) "
                  "window.shift += e.value; }).observe({ type: 'layout-shift', buffered: true })")  # fmt: skip
    page.evaluate("byFetch('101')")
    page.evaluate("byFetch('101')")
    assert page.is_visible("#bazico-clock") and page.is_visible("#bazico-note")
    assert page.evaluate("shift") == 0
