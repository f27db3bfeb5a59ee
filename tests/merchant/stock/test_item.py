"""One SKU: the formula adds up, its holds count down, and its ledger says who and why."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from reservations import engine
from reservations.merchant import erp_pages
from reservations.merchant.erp_pages import Connection, Decision, Figure, Step
from reservations.models import Shop, ShopifyOrder, StockItem
from tests.factories import by_id, database_now, hold, item, make_shop, outlive, settle_order, stock_of
from tests.merchant.merchant import Merchant

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def address(merchant: Merchant, sku: str = "SKU-1") -> str:
    """The SKU's page."""
    return f"/app/stock/{item(merchant.shop, sku).pk}/"


def words(html: str) -> str:
    """The text of some HTML, with the keyboard's minus sign."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\N{MINUS SIGN}", "-").split())


def formula(merchant: Merchant, sku: str = "SKU-1") -> str:
    """The formula as a reader sees it."""
    part = merchant.page(address(merchant, sku), part="numbers")
    return words(part.partition("</p>")[0])


@dataclass
class TheErp:
    """An ERP that knows one figure."""

    units: int
    read_at: datetime
    name: str = "ERP X"
    address: str = "/app/x/"

    def connection(self, shop: Shop) -> Connection:
        return Connection(is_connected=True)

    def decisions(self, shop: Shop) -> list[Decision]:
        return []

    def steps(self, shop: Shop) -> list[Step]:
        return []

    def figure(self, item: StockItem) -> Figure | None:
        if item.sku != "SKU-1":
            return None
        return Figure(self.units, self.read_at, expected=12, cause="Duas unidades foram vendidas em outro canal.")


@pytest.fixture
def no_erp(monkeypatch: pytest.MonkeyPatch) -> list[erp_pages.ErpPages]:
    """An installation with just the ERPs that a test puts into this list."""
    known: list[erp_pages.ErpPages] = []
    monkeypatch.setattr(erp_pages, "_registered", known)
    return known


def test_the_formula_is_a_row_that_adds_up(no_erp: list[erp_pages.ErpPages]) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 12)
    hold(merchant.shop, quantity=3)
    settle_order(merchant.shop, "1001", 1)
    assert formula(merchant) == "12 na contagem - 3 em reserva - 1 a caminho = 8 à venda"


def test_a_dead_hold_is_left_out_of_the_formula_with_every_job_stopped(no_erp: list[erp_pages.ErpPages]) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    outlive(hold(merchant.shop, quantity=2))
    assert formula(merchant).startswith("5 na contagem - 0 em reserva")
    assert "Ninguém tem unidades" in merchant.page(address(merchant), part="holds")


def test_a_count_below_what_was_promised_says_how_many_are_missing_and_why() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    hold(merchant.shop, quantity=4)
    engine.apply_count(merchant.shop.pk, "SKU-1", 2)
    assert formula(merchant).endswith("= -2 (faltam 2 unidades)")
    assert "A última contagem é menor" in merchant.page(address(merchant), part="numbers")


def test_units_that_came_back_before_they_were_counted_are_added(no_erp: list[erp_pages.ErpPages]) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    settle_order(merchant.shop, "1001", 2)
    engine.apply_count(merchant.shop.pk, "SKU-1", 3)
    settle_order(merchant.shop, "1001", 1)
    assert "+ 1 de volta, ainda sem contagem = 4 à venda" in formula(merchant)


def test_the_erps_figure_stands_beside_ours_with_its_age_and_the_cause_of_a_difference(
    no_erp: list[erp_pages.ErpPages],
) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 12)
    no_erp.append(TheErp(10, database_now()))
    part = merchant.page(address(merchant), part="numbers")
    assert "12 no ERP X" in words(part)
    assert "ERP X: 10 un., esperado: 12 · lido" in words(part)
    assert "<p>Duas unidades foram vendidas em outro canal.</p>" in part


def test_an_erp_that_does_not_know_a_sku_is_not_said_to_have_counted_it(no_erp: list[erp_pages.ErpPages]) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 3, "NOVO")
    no_erp.append(TheErp(10, database_now()))
    assert formula(merchant, "NOVO").startswith("3 na contagem")


def test_live_holds_count_down_and_lead_to_their_reservations() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    held = hold(merchant.shop, quantity=2)
    part = merchant.page(address(merchant), part="holds")
    assert f'data-until="{held.expires_at.isoformat()}"' in part
    assert f"/app/reservations/{held.reservation_id}/" in part
    assert 'data-over="expirou"' in part


def test_the_ledger_says_newest_first_what_happened_and_for_whom() -> None:
    merchant = Merchant()
    shop = merchant.shop
    stock_of(shop, 5)
    ShopifyOrder.objects.create(shop=shop, order_id="77", name="#1001", heard_at=Now())
    engine.confirm(shop.pk, by_id(hold(shop)), order_id="77")
    released = hold(shop)
    engine.release(shop.pk, by_id(released), reason="shopify:42: engano")
    engine.extend_by_hand(shop.pk, hold(shop).reservation_id, by="shopify:42", more=timedelta(minutes=10))
    lines = re.findall(r'<span class="sku">([^<]+)</span>', merchant.page(address(merchant), part="ledger"))
    assert lines == [
        "Uma pessoa deu mais tempo ao comprador. (equipe, nº 42: +600 s)",
        "Reservadas para um comprador.",
        "Devolvidas antes do fim do tempo. (equipe, nº 42: engano)",
        "Reservadas para um comprador.",
        "O comprador pagou a tempo. (#1001)",
        "Reservadas para um comprador.",
        "Contagem; em estoque: 5.",
    ]


def test_the_ledger_is_paged_by_position_without_a_gap() -> None:
    merchant = Merchant()
    for units in range(60):
        engine.apply_count(merchant.shop.pk, "SKU-1", units + 1)
    page = address(merchant)
    newest = merchant.page(page, part="ledger")
    assert newest.count("<li>") == 50
    assert 'href="?before=11"' in newest
    older = merchant.page(f"{page}?before=11", part="ledger")
    assert older.count("<li>") == 10
    assert "Mais recentes" in older


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "%00", "٣"])
def test_an_odd_place_in_the_ledger_shows_it_from_its_end(before: str) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    assert "Contagem; em estoque: 1" in merchant.page(f"{address(merchant)}?before={before}", part="ledger")


def test_another_shops_sku_is_not_found_and_neither_is_one_that_never_was() -> None:
    merchant, other = Merchant(), make_shop()
    stock_of(other, 5)
    for pk in (item(other).pk, 9_999_999_999_999_999_999_999):
        assert merchant.get(f"/app/stock/{pk}/").status_code == 404


def test_a_poll_of_a_part_asks_as_many_queries_with_many_rows_as_with_one() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 500)
    page = address(merchant)
    for part in ("holds", "ledger", "numbers"):
        counts = []
        for size in (1, 20):
            for _ in range(size):
                engine.confirm(merchant.shop.pk, by_id(hold(merchant.shop)), order_id="1")
                hold(merchant.shop)
            with CaptureQueriesContext(connection) as asked:
                merchant.page(page, part=part)
            counts.append(len(asked))
        assert counts[0] == counts[1], part
        assert counts[0] <= 8, part
