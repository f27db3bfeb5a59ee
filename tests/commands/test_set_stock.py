"""set_stock: a count by hand, with its row in the ledger."""

import pytest
from django.core.management.base import CommandError
from pytest_django import Settings

from reservations import engine
from reservations.demo_shop import DEMO_DOMAIN
from reservations.models import Shop, StockItem, StockMovement
from tests.factories import hold, make_shop, numbers, stock_of
from tests.support.terminal import output_of

pytestmark = pytest.mark.django_db


def test_a_new_sku_becomes_stock_of_the_only_shop() -> None:
    shop = make_shop()
    assert "on hand 7, available 7" in output_of("set_stock", "SKU-1", "7")
    assert numbers(shop) == (7, 0, 0)


def test_the_ledger_says_that_a_person_counted() -> None:
    make_shop()
    output_of("set_stock", "SKU-1", "7")
    assert StockMovement.objects.values_list("kind", "on_hand_delta", "reference").get() == ("count", 7, "set_stock")


def test_a_count_below_what_is_held_shows_a_shortfall_and_keeps_the_hold() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    hold(shop, quantity=3)
    assert "on hand 1, available -2" in output_of("set_stock", "SKU-1", "1")
    assert numbers(shop) == (1, 3, 0)


def test_the_shop_that_is_named_gets_the_stock() -> None:
    first, second = make_shop(), make_shop()
    output_of("set_stock", "SKU-1", "4", "--shop", second.domain.upper())
    assert engine.stock(second.pk, "SKU-1").on_hand == 4
    assert not StockItem.objects.filter(shop=first).exists()


def test_among_several_shops_the_demo_shop_is_meant(settings: Settings) -> None:
    # With it the command would wait for Bling's stand-in, which only bin/dev runs.
    settings.SANDBOX = False
    make_shop()
    demo = Shop.objects.create(domain=DEMO_DOMAIN)
    output_of("set_stock", "SKU-1", "4")
    assert engine.stock(demo.pk, "SKU-1").on_hand == 4


def test_among_several_shops_without_a_demo_the_command_asks_which() -> None:
    make_shop(), make_shop()
    with pytest.raises(CommandError, match="say which with --shop"):
        output_of("set_stock", "SKU-1", "4")


def test_without_any_shop_the_command_says_how_to_make_one() -> None:
    with pytest.raises(CommandError, match="create_shop makes one"):
        output_of("set_stock", "SKU-1", "4")


@pytest.mark.parametrize("quantity", ["-1", "1.5", "1e3", "1_000", "٣", "", " 5", "dez", "1000000001", "9" * 4000])
def test_a_quantity_that_is_no_whole_number_from_zero_is_refused(quantity: str) -> None:
    make_shop()
    with pytest.raises(CommandError, match="whole number from 0"):
        output_of("set_stock", "SKU-1", quantity)
    assert not StockItem.objects.exists()


@pytest.mark.parametrize("sku", ["", "a" * 256, "SKU\n1", "SKU\x00", "SKU\x7f", "SKU\udc80"])
def test_what_can_be_no_sku_is_refused(sku: str) -> None:
    make_shop()
    with pytest.raises(CommandError, match="A SKU has"):
        output_of("set_stock", sku, "1")
    assert not StockItem.objects.exists()


@pytest.mark.parametrize("sku", ["á/b c", "日本", "a" * 255, "CAMISETA", "camiseta", "100%"])
def test_any_text_is_a_sku_and_keeps_its_case(sku: str) -> None:
    shop = make_shop()
    output_of("set_stock", sku, "2")
    assert engine.stock(shop.pk, sku).on_hand == 2
