"""Before a hold ends one calm question; after a refusal its reason in true words, and one more try by itself."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from .shop import ThemeShop
from .waiting import until

Visit = Callable[..., Page]


# What the box has asked so far.
NOTES = """window.questions = []; addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
    const text = document.getElementById("bazico-again").textContent;
    if (text.startsWith("Manter")) questions.push(text);
}).observe(document.getElementById("bazico-note"), { childList: true, subtree: true }));"""


@pytest.fixture(autouse=True)
def _noted(shop: ThemeShop) -> None:
    shop.theme.before = NOTES


def with_short_hold(shop: ThemeShop, visit: Visit, *, path: str = "/", seconds: float = 6) -> Page:
    """A page on which a hold that ends soon has begun."""
    shop.stock.hold_seconds = seconds
    page = visit()
    page.evaluate("add.json('101')")
    if path != "/":
        page.goto(shop.url + path)
    return page


@pytest.mark.parametrize("path", ["/", "/cart"])
def test_before_the_end_the_shopper_is_asked_once_and_nothing_is_extended_unasked(
    shop: ThemeShop, visit: Visit, path: str
) -> None:
    page = with_short_hold(shop, visit, path=path)
    assert page.is_hidden("#bazico-note")
    expect(page.get_by_role("button", name="Manter minha reserva")).to_be_visible()
    assert page.inner_text("#bazico-text") == "Sua reserva termina em menos de dois minutos."
    page.get_by_role("button", name="Fechar").click()
    page.wait_for_timeout(1500)
    expect(page.get_by_role("button", name="Manter minha reserva")).to_be_hidden()
    assert "/stock/extend" not in shop.stock.calls


def test_keeping_extends_once_and_says_until_when(shop: ThemeShop, visit: Visit) -> None:
    page = with_short_hold(shop, visit)
    page.get_by_role("button", name="Manter minha reserva").click()
    expect(page.locator("#bazico-text")).to_have_text(re.compile(r"Reserva mantida até \d\d:\d\d\."))
    assert shop.stock.calls.count("/stock/extend") == 1
    minutes = int(page.inner_text("#bazico-time").rpartition(" ")[2].partition(":")[0])
    assert minutes >= 9


def test_nobody_is_asked_when_no_more_time_can_be_had(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.ceiling_seconds = 6
    page = with_short_hold(shop, visit)
    expect(page.get_by_role("button", name="Reservar de novo")).to_be_visible()
    assert "O tempo da reserva acabou" in page.inner_text("#bazico-text")
    assert page.evaluate("questions") == []


def test_a_page_that_nobody_looks_at_does_not_ask(shop: ThemeShop, visit: Visit) -> None:
    shop.theme.before += "Object.defineProperty(document, 'hidden', { get: () => true });"
    page = with_short_hold(shop, visit)
    expect(page.get_by_role("button", name="Reservar de novo")).to_be_visible()
    assert page.evaluate("questions") == []


def test_in_other_carts_until_a_time_and_sold_out_are_different_words(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.free["SKU-A"] = 0
    page = visit()
    page.evaluate("add.json('101')")
    held = re.compile(
        r"^Em outros carrinhos até \d\d:\d\d\. Tentamos de novo nessa hora, se esta página ficar aberta\.$"
    )
    expect(page.locator("#bazico-text")).to_have_text(held)
    shop.stock.retry_seconds = None
    page.evaluate("add.json('101')")
    expect(page.locator("#bazico-text")).to_have_text("Esgotado.")


def test_who_holds_all_that_one_shopper_may_reads_so_and_until_when(shop: ThemeShop, visit: Visit) -> None:
    limit = "Limite de unidades do SKU 'SKU-B' reservadas sem pagamento: ainda é possível reservar 0."
    retry_at = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    shop.stock.limit = {"budget": "customer", "remaining": 0, "retry_at": retry_at, "detail": limit}
    page = visit()
    assert page.evaluate("add.json('102')") == 422
    said = page.inner_text("#bazico-text")
    assert re.match(re.escape(limit) + r" Pode haver de novo às \d\d:\d\d\. Tentamos de novo nessa hora", said)
    assert shop.cart.items == []


def test_a_unit_that_comes_free_in_days_is_told_with_its_day_and_not_waited_for(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.free["SKU-A"], shop.stock.retry_seconds = 0, 3 * 86_400
    page = visit()
    page.evaluate("add.json('101')")
    expect(page.locator("#bazico-text")).to_have_text(
        re.compile(r"^Em outros carrinhos até \d\d/\d\d/\d{4}, \d\d:\d\d\.$")
    )


def test_fewer_units_than_asked_for_are_counted(shop: ThemeShop, visit: Visit) -> None:
    page = visit()
    page.evaluate("add.json('102', 9)")
    expect(page.locator("#bazico-text")).to_contain_text("Livres agora: 5. Pode haver de novo às")


def test_an_open_page_tries_once_more_and_the_line_is_in_the_cart_as_the_theme_sent_it(
    shop: ThemeShop, visit: Visit
) -> None:
    shop.stock.free["SKU-A"], shop.stock.retry_seconds = 0, 0
    page = visit()
    assert page.evaluate("post('/cart/add.js', { id: 101, quantity: 1, properties: { gravar: 'Ana' } })") == 422
    shop.stock.free["SKU-A"] = 1
    expect(page.locator("#bazico-text")).to_have_text("Ficou livre: está no seu carrinho e reservado para você.")
    expect(page.get_by_role("button", name="Ver carrinho")).to_be_visible()
    (line,) = shop.cart.items
    assert (line["quantity"], line["properties"]["gravar"]) == (1, "Ana")
    assert shop.stock.held("SKU-A") == 1
    expect(page.locator("#bazico-clock")).to_be_visible()


def test_it_tries_no_second_time(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.free["SKU-A"], shop.stock.retry_seconds = 0, 0
    page = visit()
    assert page.evaluate("add.json('101')") == 422
    expect(page.locator("#bazico-text")).not_to_contain_text("Tentamos de novo")
    assert "Em outros carrinhos até" in page.inner_text("#bazico-text")
    asked = shop.stock.calls.count("/stock/reserve")
    page.wait_for_timeout(4000)
    assert (shop.stock.calls.count("/stock/reserve"), shop.cart.items) == (asked, [])


def test_whoever_tries_meanwhile_gets_one_unit_and_not_two(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.free["SKU-A"], shop.stock.retry_seconds = 0, 0
    page = visit()
    assert page.evaluate("add.json('101')") == 422
    shop.stock.free["SKU-A"] = 5
    assert page.evaluate("add.json('101')") == 200
    page.wait_for_timeout(4000)
    assert (shop.cart.units("SKU-A"), shop.stock.held("SKU-A")) == (1, 1)


def test_a_service_that_is_away_at_the_time_adds_nothing_unheld(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.free["SKU-A"], shop.stock.retry_seconds = 0, 0
    page = visit()
    assert page.evaluate("add.json('101')") == 422
    shop.stock.down = True
    expect(page.locator("#bazico-text")).not_to_contain_text("Tentamos de novo")
    assert shop.cart.items == []


def test_what_is_in_the_cart_and_not_held_is_held_at_the_time(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.free["SKU-A"], shop.stock.retry_seconds = 0, 0
    page = visit("/cart/101:1?storefront=true")
    expect(page.locator("#bazico-text")).to_contain_text("Tentamos de novo nessa hora")
    shop.stock.free["SKU-A"] = 1
    expect(page.locator("#bazico-text")).to_have_text("Ficou livre: está no seu carrinho e reservado para você.")
    until(lambda: shop.stock.held("SKU-A") == 1)
