"""Bling's answers on the pages of the stock, its differences, and reading it now."""

import ast
import inspect

import pytest

from bling_sync import housekeeping, shop_work
from bling_sync.merchant.bling_pages import BlingPages
from bling_sync.merchant.connection_summary import sentences
from bling_sync.models import Cause, Connection, Difference, Product
from plumbing import database_clock
from reservations.models import StockItem
from tests.bling_sync.world import FIRST, World
from tests.factories import stock_of
from tests.merchant.merchant import Merchant

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]
PAGE, BLING = "/app/bling/", BlingPages()


@pytest.fixture
def imported(company: World) -> World:
    """The merchant's shop, connected and imported."""
    company.connect_and_import("movement")
    return company


def item(world: World) -> StockItem:
    """The first SKU's stock row."""
    return StockItem.objects.get(shop=world.shop, sku=FIRST)


def differ(world: World, cause: Cause = Cause.UNKNOWN, **more: object) -> Difference:
    """A difference that a reading found."""
    now = database_clock.now()
    return Difference.objects.create(
        shop=world.shop, stock_item=item(world), cause=cause, expected=10, bling=7, seen_at=now, **more
    )


def test_the_guide_observes_the_connection_and_the_import(merchant: Merchant, company: World) -> None:
    assert [step.is_done for step in BLING.steps(merchant.shop)] == [False, False]
    company.connect()
    assert [step.is_done for step in BLING.steps(merchant.shop)] == [True, False]
    company.do_import()
    assert [step.is_done for step in BLING.steps(merchant.shop)] == [True, True]


def test_the_home_page_says_when_bling_was_read(merchant: Merchant, imported: World) -> None:
    shown = BLING.connection(merchant.shop)
    assert shown.is_connected
    assert shown.read_at == imported.product().read_started_at
    assert shown.is_read
    assert not shown.problem
    assert "Bling lido" in merchant.page("/app/", part="status")


def test_a_reading_that_stands_still_is_said_though_nothing_failed(merchant: Merchant, imported: World) -> None:
    long_ago = database_clock.now() - 2 * shop_work.ALL_READ_EVERY
    Product.objects.filter(shop=imported.shop).update(read_started_at=long_ago)
    said = "Faz mais de uma hora que nenhum número é lido do Bling."
    assert said in merchant.page("/app/", part="status")
    assert "Venda protegida" not in merchant.page("/app/", part="status")
    assert said in merchant.page(PAGE, part="connection")
    assert not BLING.connection(merchant.shop).is_read
    Connection.objects.filter(shop=imported.shop).update(reading_paused_at=long_ago)
    assert said not in merchant.page("/app/", part="status")


def test_the_home_page_says_that_bling_was_disconnected(merchant: Merchant, imported: World) -> None:
    Connection.objects.update(state="disconnected")
    assert not BLING.connection(merchant.shop).is_read
    assert "nenhuma venda é enviada" in merchant.page("/app/", part="status")


def test_every_warning_has_its_sentence() -> None:
    codes = set()
    for function in (housekeeping.warnings, housekeeping._of_the_authorization):
        for node in ast.walk(ast.parse(inspect.getsource(function))):
            is_added = isinstance(node, ast.Call) and ast.unparse(node.func) == "found.append"
            if is_added or (isinstance(node, ast.Return) and isinstance(node.value, ast.List)):
                codes |= {part.value for part in ast.walk(node) if isinstance(part, ast.Constant)}
    assert codes == set(sentences())


def test_a_channel_that_appears_in_bling_is_said_with_what_fits(merchant: Merchant, imported: World) -> None:
    Connection.objects.update(shopify_channel=True, suggested_mode="observe")
    assert "Escolha observar" in merchant.page(PAGE, part="connection")
    Connection.objects.update(shopify_channel=False, suggested_mode="movement")
    assert "O Bling não tem mais" in merchant.page(f"{PAGE}settings/")


def test_a_lost_authorization_waits_for_the_merchant(merchant: Merchant, imported: World) -> None:
    Connection.objects.update(state="authorization_lost")
    assert "conecte de novo" in merchant.page("/app/", part="decisions")


def test_a_figure_agrees_once_bling_has_every_sale(merchant: Merchant, imported: World) -> None:
    figure = BLING.figure(item(imported))
    assert figure
    assert (figure.units, figure.expected, figure.cause) == (10, 10, "")
    imported.buy(quantity=2)
    figure = BLING.figure(item(imported))
    assert figure
    assert (figure.units, figure.expected, figure.cause) == (10, 8, str(Cause.IN_FLIGHT.label))
    imported.settle()
    figure = BLING.figure(item(imported))
    assert figure
    assert (figure.units, figure.expected, figure.cause) == (8, 8, "")


def test_a_figure_that_a_person_changed_here_is_explained(merchant: Merchant, imported: World) -> None:
    stock_of(imported.shop, 4, FIRST)
    figure = BLING.figure(item(imported))
    assert figure
    assert (figure.units, figure.expected) == (10, 4)
    assert figure.cause


def test_a_sku_that_bling_does_not_have_has_no_figure(merchant: Merchant, imported: World) -> None:
    stock_of(imported.shop, 4, "ours-only")
    assert BLING.figure(StockItem.objects.get(sku="ours-only")) is None


def test_one_sku_is_read_now_by_a_worker(merchant: Merchant, imported: World) -> None:
    imported.bling.control.post("movements", sku=FIRST, operation="B", quantity=3)
    imported.bling.control.post("webhooks/forget")
    assert merchant.post(f"{PAGE}read/{item(imported).pk}").json()["message"] == f"Lendo {FIRST} do Bling."
    assert imported.stock().on_hand == 10

    shop_work.read_back(imported.shop.pk)
    assert imported.stock().on_hand == 3


def test_all_skus_are_read_now_and_the_page_counts_what_is_left(merchant: Merchant, imported: World) -> None:
    assert merchant.post(f"{PAGE}read").status_code == 200
    assert "falta ler 2 SKUs" in merchant.page(PAGE, part="connection")


def test_another_shops_sku_is_not_read(merchant: Merchant, imported: World) -> None:
    other = Merchant()
    assert other.post(f"{PAGE}read/{item(imported).pk}").status_code == 404
    assert imported.product().read_due_at is None


def test_our_own_sales_are_no_difference_that_a_merchant_reads(merchant: Merchant, imported: World) -> None:
    differ(imported, Cause.IN_FLIGHT)
    assert "7 (-3)" not in merchant.page(f"{PAGE}differences/")


@pytest.mark.parametrize("cause", [cause for cause in Cause if cause != Cause.IN_FLIGHT])
def test_each_cause_is_shown_with_what_to_do(merchant: Merchant, imported: World, cause: Cause) -> None:
    differ(imported, cause)
    page = merchant.page(f"{PAGE}differences/")
    assert "10" in page
    assert "7 (-3)" in page
    assert ("Veja os lançamentos" in page) == (cause == Cause.UNKNOWN)
    assert ("Nada a fazer" in page) == (cause != Cause.UNKNOWN)


def test_what_has_no_explanation_waits_until_somebody_looked(merchant: Merchant, imported: World) -> None:
    differ(imported)
    differ(imported, Cause.EDITED)
    assert "1 diferença para conferir." in merchant.page("/app/", part="decisions")
    assert merchant.post(f"{PAGE}differences/seen").status_code == 200
    assert "para conferir" not in merchant.page("/app/", part="decisions")
    assert Difference.objects.filter(resolved_at=None).count() == 1


def test_a_difference_that_leaves_promised_units_missing_waits_too(merchant: Merchant, imported: World) -> None:
    differ(imported, Cause.OTHER_CHANNEL, short=2)
    assert "Foi prometido mais do que existe" in merchant.page(f"{PAGE}differences/")
    assert "1 diferença para conferir." in merchant.page("/app/", part="decisions")


def test_another_shops_differences_are_its_own(merchant: Merchant, imported: World) -> None:
    differ(imported)
    other = Merchant()
    assert FIRST not in other.page(f"{PAGE}differences/")
    other.post(f"{PAGE}differences/seen")
    assert Difference.objects.filter(resolved_at=None).count() == 1


def test_a_skus_page_has_blings_figure_and_reads_it_now(merchant: Merchant, imported: World) -> None:
    page = merchant.page(f"/app/stock/{item(imported).pk}/")
    assert "Ler do Bling agora" in page
    assert f'action="{PAGE}read/{item(imported).pk}"' in page
