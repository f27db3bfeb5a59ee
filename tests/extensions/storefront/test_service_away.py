"""The stock service is slow or dead: the shop carries on as its merchant chose."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from .shop import ThemeShop
from .waiting import until

Visit = Callable[..., Page]

TROUBLES: dict[str, dict[str, Any]] = {"dead": {"down": True}, "slow": {"delay_seconds": 3}}
each_trouble = pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES.keys())
each_way = pytest.mark.parametrize("way", ["json", "xhr"])


@each_trouble
@each_way
def test_a_shop_that_stays_open_sells_without_the_service(
    shop: ThemeShop, visit: Visit, trouble: dict[str, Any], way: str
) -> None:
    page = visit()
    vars(shop.stock).update(trouble)
    assert page.evaluate(f"add.{way}('101')") == 200
    assert shop.cart.units("SKU-A") == 1
    assert page.is_hidden("#bazico-clock")
    assert page.is_hidden("#bazico-note")


@each_trouble
@each_way
def test_a_shop_that_closes_asks_the_shopper_to_try_again(
    shop: ThemeShop, visit: Visit, trouble: dict[str, Any], way: str
) -> None:
    shop.theme.closed = True
    page = visit()
    vars(shop.stock).update(trouble)
    assert page.evaluate(f"add.{way}('101')") == 422
    assert shop.cart.items == []
    assert "Tente de novo" in page.inner_text("#bazico-text")


def test_a_closed_shop_takes_out_what_a_grid_put_in(shop: ThemeShop, visit: Visit) -> None:
    shop.theme.closed, shop.stock.down = True, True
    assert visit("/grid").evaluate("add.json('101')") == 422
    assert shop.cart.items == []


def test_a_closed_shop_never_takes_out_what_was_in_the_cart_before(shop: ThemeShop, visit: Visit) -> None:
    shop.theme.closed = True
    page = visit()
    page.evaluate("add.json('102', 2)")
    shop.stock.down = True
    assert page.evaluate("change(102, 3)") == 422
    assert page.evaluate("change(102, 1)") == 200
    visit("/cart")
    assert shop.cart.units("SKU-B") == 1


def test_an_answer_that_comes_after_800_milliseconds_is_not_waited_for(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.delay_seconds = 1_000
    assert visit().evaluate("add.json('101')") == 200
    assert "/stock/reserve" in shop.stock.calls


def test_the_holds_come_when_the_service_is_back(shop: ThemeShop, visit: Visit) -> None:
    shop.stock.down = True
    visit().evaluate("add.json('102', 2)")
    assert shop.stock.held("SKU-B") == 0
    shop.stock.down = False
    visit("/cart")
    until(lambda: shop.stock.held("SKU-B") == 2)


def test_an_answer_that_is_no_json_is_no_answer(shop: ThemeShop, visit: Visit) -> None:
    shop.theme.settings = {"proxy": "/not-the-proxy"}
    assert visit().evaluate("add.json('101')") == 200
    assert shop.cart.units("SKU-A") == 1
