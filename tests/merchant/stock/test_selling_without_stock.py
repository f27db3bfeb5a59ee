"""The merchant's pages say "vende sem estoque", and never call such a SKU sold out, scarce or short."""

import re

import pytest

from reservations.merchant.protection import protection
from reservations.merchant.today.numbers import numbers as numbers_of
from tests.factories import item, link, settle_order, stock_of
from tests.merchant.merchant import Merchant

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]
BADGE = "vende sem estoque"


def sold_below_zero() -> Merchant:
    """A merchant of whose two SKUs one sells without stock and is three units below zero; the other is sold out."""
    merchant = Merchant()
    for sku in ("CAMISA", "CALCA"):
        stock_of(merchant.shop, 1, sku)
    link(merchant.shop, 1, continues=True, sku="CAMISA")
    link(merchant.shop, 2, sku="CALCA")
    settle_order(merchant.shop, "1001", 4, "CAMISA")
    settle_order(merchant.shop, "1002", 1, "CALCA")
    return merchant


def listed(merchant: Merchant, show: str) -> list[str]:
    """The SKUs of a filter of the list."""
    return re.findall(r'<span class="sku">([^<]+)</span>', merchant.page(f"/app/stock/?show={show}", part="list"))


def test_the_list_says_so_in_its_row_and_has_a_filter_for_it() -> None:
    merchant = sold_below_zero()
    rows = merchant.page("/app/stock/", part="list").split("<s-table-row>")[1:]
    assert [(BADGE in row, "esgotado" in row, "faltam unidades" in row) for row in rows] == [
        (False, True, False),
        (True, False, False),
    ]
    assert listed(merchant, "without_stock") == ["CAMISA"]
    assert BADGE in merchant.page("/app/stock/")


@pytest.mark.parametrize("show", ["sold_out", "scarce", "shortfall"])
def test_no_filter_of_trouble_has_it(show: str) -> None:
    assert "CAMISA" not in listed(sold_below_zero(), show)


def test_its_own_page_says_so_beside_the_number_and_why() -> None:
    merchant = sold_below_zero()
    page = merchant.page(f"/app/stock/{item(merchant.shop, 'CAMISA').pk}/")
    assert BADGE in page
    assert "continua vendendo sem estoque ou não tem a quantidade controlada" in page
    assert "why-missing" not in page
    assert "Pago sem reserva: ele vendia sem estoque." in page
    assert "havia unidade livre" not in page


def test_its_reservation_does_not_say_that_free_units_were_found() -> None:
    merchant = sold_below_zero()
    page = merchant.page("/app/reservations/?outcome=confirmed", part="list")
    assert "nada precisou ser reservado para ele: o SKU vende sem estoque" in page
    assert page.count("havia unidades livres") == 1


def test_variants_that_disagree_are_explained() -> None:
    merchant = sold_below_zero()
    link(merchant.shop, 3, sku="CAMISA")
    page = merchant.page(f"/app/stock/{item(merchant.shop, 'CAMISA').pk}/")
    assert "Algumas destas variantes vendem sem estoque na Shopify, outras não." in page
    assert BADGE not in page


def test_today_counts_nothing_of_it_as_missing_or_running_out() -> None:
    merchant = sold_below_zero()
    stock_of(merchant.shop, 9, "CAMISA")
    assert "CAMISA" not in merchant.page("/app/", part="scarce")
    assert numbers_of(merchant.shop).shortfall == 0
    assert protection(merchant.shop, None).untold == 0
