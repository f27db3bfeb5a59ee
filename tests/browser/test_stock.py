"""Stock in a browser: search as you type, a SKU's countdown, a phone, two languages."""

import pytest
from playwright.sync_api import expect

from reservations import engine
from reservations.models import Shop
from tests.factories import hold, item, make_shop, stock_of
from tests.merchant.many import fill

from .visits import Visits


def clothes() -> Shop:
    """A shop with three SKUs, the last unit of one of them held."""
    shop = make_shop()
    for sku, units in (("CAMISA-AZUL-P", 1), ("CAMISA-VERDE-M", 20), ("BONE-PRETO", 0)):
        stock_of(shop, units, sku)
    hold(shop, "CAMISA-AZUL-P")
    return shop


def test_a_search_finds_its_sku_while_one_types_and_keeps_the_field(visits: Visits) -> None:
    app = visits.admin(clothes(), "/app/stock/")
    expect(app.inside.locator("s-table-row")).to_have_count(3)
    app.inside.get_by_label("Buscar por SKU").press_sequentially("azul")
    expect(app.inside.locator("s-table-row")).to_have_count(1)
    expect(app.inside.locator("s-table-row")).to_contain_text("CAMISA-AZUL-P")
    expect(app.inside.get_by_label("Buscar por SKU")).to_have_value("azul")
    app.inside.get_by_label("Buscar por SKU").press_sequentially("-x")
    expect(app.inside.get_by_text("Nenhum SKU combina com esta busca.")).to_be_visible()
    expect(app.inside.get_by_label("Buscar por SKU")).to_have_value("azul-x")


def test_the_filter_shows_what_is_sold_out_and_a_sku_opens_without_a_reload(visits: Visits) -> None:
    app = visits.admin(clothes(), "/app/stock/")
    app.frame.evaluate("window.sameDocument = true")
    app.inside.get_by_label("Mostrar").select_option("sold_out")
    expect(app.inside.locator("s-table-row")).to_have_count(2)
    app.inside.get_by_text("CAMISA-AZUL-P").click()
    expect(app.inside.locator("h1")).to_have_text("CAMISA-AZUL-P")
    expect(app.inside.locator(".formula")).to_contain_text("= 0 à venda")
    assert app.frame.evaluate("window.sameDocument")


def test_a_hold_that_dies_before_ones_eyes_gives_its_unit_back_in_the_formula(visits: Visits) -> None:
    shop = make_shop(hold_seconds=10)
    stock_of(shop, 1)
    app = visits.admin(shop, f"/app/stock/{item(shop).pk}/")
    hold(shop)
    expect(app.inside.locator(".formula")).to_contain_text("= 0 à venda")
    expect(app.inside.locator(".formula")).to_contain_text("= 1 à venda")
    expect(app.inside.get_by_text("Ninguém tem unidades deste SKU reservadas.")).to_be_visible()


def test_what_happens_elsewhere_shows_in_the_ledger_by_itself(visits: Visits) -> None:
    shop = make_shop()
    stock_of(shop, 1)
    app = visits.admin(shop, f"/app/stock/{item(shop).pk}/")
    engine.apply_count(shop.pk, "SKU-1", 7, reference="inventário de sexta")
    expect(app.inside.get_by_text("inventário de sexta")).to_be_visible()


def test_ten_thousand_skus_are_walked_page_by_page(visits: Visits) -> None:
    shop = make_shop()
    fill(shop, skus=10_000, live=1_000)
    app = visits.admin(shop, "/app/stock/")
    app.inside.get_by_text("Próxima página").click()
    expect(app.inside.get_by_text("SKU-00051", exact=True)).to_be_visible()
    app.inside.get_by_text("Primeira página").click()
    expect(app.inside.get_by_text("SKU-00001", exact=True)).to_be_visible()


@pytest.mark.parametrize("path", ["/app/stock/", "/app/stock/{item}/"])
def test_on_a_phone_nothing_scrolls_sideways_in_the_stock(visits: Visits, path: str) -> None:
    shop = clothes()
    stock_of(shop, 3, "SKU-" + "COM-UM-NOME-MUITO-COMPRIDO-" * 5)
    app = visits.admin(shop, path.format(item=item(shop, "CAMISA-AZUL-P").pk), width=390)
    assert app.side_scroll() == 0


def test_the_stock_is_read_in_english_in_an_english_admin(visits: Visits) -> None:
    app = visits.admin(clothes(), "/app/stock/", locale="en")
    expect(app.inside.locator("h1")).to_have_text("Stock")
    expect(app.inside.get_by_label("Search by SKU")).to_be_visible()
    app.inside.get_by_text("CAMISA-AZUL-P").click()
    expect(app.inside.locator(".formula")).to_contain_text("reserved for buyers")
