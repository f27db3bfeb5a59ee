"""The little store: two shoppers side by side, the theme's real script between them and the app."""

import re

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Frame, Page, expect
from pytest_django import Settings

from bling_sync import demo_connection, shop_work
from reservations import engine
from reservations.models import Reservation, Shop, Status
from reservations.new_shop import create_shop
from reservations.shopify.webhooks import processor
from sandbox.shopify import DEMO_SHOP
from tests.support.patience import wait_until

from .visits import Visits

SKU, TITLE = "SKU-BZC-002", "Boné Bázico"


@pytest.fixture
def shop(visits: Visits, settings: Settings) -> Shop:
    """The demo shop, connected to both stand-ins, which have one cap and ten shirts."""
    settings.SHOPIFY_ADMIN_URL = visits.service.shopify.admin_url
    settings.BLING_API_URL = visits.service.bling.api_url
    settings.BLING_AUTHORIZE_URL = visits.service.bling.authorize_url
    for stand_in in (visits.service.shopify.control, visits.service.bling.control):
        stand_in.post("faults/clear")
    visits.service.bling.control.post("movements", sku=SKU, operation="B", quantity=1)
    shop, _ = create_shop(DEMO_SHOP, api_key=django_settings.DEMO_API_KEY)
    assert demo_connection.connect_if_sandbox()
    while shop_work.go_on_importing(shop.pk):
        pass
    return shop


def store(visits: Visits, width: int = 1280) -> tuple[Page, Frame, Frame]:
    """The page, Ana's column and Beto's."""
    page = visits.page("/sandbox/loja/", width=width)
    ana, beto = (page.frame(name=name) for name in ("ana", "beto"))
    assert ana and beto
    for column in (ana, beto):
        expect(column.get_by_role("button", name="Pôr no carrinho")).to_have_count(2)
        column.wait_for_load_state()
    return page, ana, beto


def add(column: Frame) -> None:
    """Put a cap into the cart."""
    column.locator("form", has_text=TITLE).get_by_role("button").click()


def holds(shop: Shop) -> int:
    """How many units are held."""
    return sum(Reservation.objects.filter(shop=shop, status=Status.ACTIVE).values_list("quantity", flat=True))


def test_both_press_at_once_and_one_reads_why_not(visits: Visits, shop: Shop) -> None:
    page, ana, beto = store(visits)
    page.locator(f"tr[data-sku='{SKU}'] [data-both]").click()
    wait_until(lambda: ana.locator("#lines li").count() + beto.locator("#lines li").count() == 1)
    winner, loser = (ana, beto) if ana.locator("#lines li").count() else (beto, ana)
    expect(winner.locator("#bazico-clock")).to_have_text(re.compile(r"Reservado para você"))
    expect(loser.locator("#bazico-note")).to_contain_text("Em outros carrinhos até ")
    expect(loser.locator("#requests summary").first).to_have_text("409 POST /apps/bazico-stock/stock/reserve")
    assert holds(shop) == 1


def test_by_hand_the_second_is_told_when_to_try_again(visits: Visits, shop: Shop) -> None:
    _, ana, beto = store(visits)
    add(ana)
    expect(ana.locator("#lines li")).to_have_count(1)
    add(beto)
    expect(beto.locator("#told")).to_have_text(re.compile(r"Em outros carrinhos até \d\d:\d\d\."))
    expect(beto.locator("#lines li")).to_have_count(0)


def by_an_agent(column: Frame) -> None:
    """An agent of the shopper's puts a cap into the cart, by Shopify's standard action."""
    column.locator("li", has_text=TITLE).get_by_role("button", name="Por um agente").click()


def test_what_an_agent_adds_by_the_standard_action_is_held(visits: Visits, shop: Shop) -> None:
    _, ana, _ = store(visits)
    by_an_agent(ana)
    expect(ana.locator("#read")).to_contain_text('"totalQuantity": 1')
    expect(ana.locator("#lines li")).to_have_count(1)
    expect(ana.locator("#bazico-clock")).to_have_text(re.compile(r"Reservado para você"))
    assert holds(shop) == 1


def test_an_agent_that_is_refused_reads_why_and_until_when(visits: Visits, shop: Shop) -> None:
    _, ana, beto = store(visits)
    add(ana)
    expect(ana.locator("#lines li")).to_have_count(1)
    by_an_agent(beto)
    expect(beto.locator("#read")).to_have_text(
        re.compile(r'Em outros carrinhos até \d\d:\d\d.*"retry_at": "', re.DOTALL)
    )
    expect(beto.locator("#lines li")).to_have_count(0)


def test_a_countdown_ends_and_says_so(visits: Visits, shop: Shop) -> None:
    Shop.objects.filter(pk=shop.pk).update(hold_seconds=4, hold_ceiling_seconds=4)
    _, ana, _ = store(visits)
    add(ana)
    expect(ana.locator("#bazico-clock")).to_be_visible()
    # Two seconds after the clock has run out.
    expect(ana.locator("#bazico-note")).to_contain_text("O tempo da reserva acabou.")
    expect(ana.locator("#bazico-clock")).to_be_hidden()
    assert engine.stock(shop.pk, SKU).available == 1


def test_the_store_reads_in_english_for_those_who_ask(visits: Visits, shop: Shop) -> None:
    page = visits.page("/sandbox/loja/", locale="en-US")
    expect(page.frame_locator("iframe[name=ana]").get_by_role("button", name="Add to cart")).to_have_count(2)
    expect(page.get_by_role("button", name="Both at once")).to_have_count(2)


def test_what_one_abandons_the_other_gets(visits: Visits, shop: Shop) -> None:
    _, ana, beto = store(visits)
    add(ana)
    expect(ana.locator("#lines li")).to_have_count(1)
    ana.get_by_role("button", name="Abandonar").click()
    wait_until(lambda: holds(shop) == 0)
    expect(ana.locator("#bazico-clock")).to_be_hidden()
    add(beto)
    expect(beto.locator("#lines li")).to_have_count(1)
    assert holds(shop) == 1


def test_a_payment_goes_through_webhooks_to_bling(visits: Visits, shop: Shop) -> None:
    _, ana, _ = store(visits)
    add(ana)
    expect(ana.locator("#lines li")).to_have_count(1)
    wait_until(lambda: holds(shop) == 1)
    ana.get_by_role("button", name="Pagar").click()
    expect(ana.locator("#told")).to_have_text(re.compile(r"Pago: pedido #\d+\."))
    expect(ana.locator("#bazico-clock")).to_be_hidden()

    def sold_in_bling() -> bool:
        """Work as the worker does, and look."""
        processor.process_due_deliveries(shop.pk, seconds=1)
        shop_work.push(shop.pk)
        balances = visits.service.bling.control.get("balances")["balances"]
        return any(row["sku"] == SKU and row["physical"] == 0 for row in balances)

    wait_until(sold_in_bling)
    assert not engine.audit(shop.pk)
    assert Reservation.objects.get(shop=shop).status == Status.CONFIRMED


def test_one_unit_can_be_left_free_for_the_next_race(visits: Visits, shop: Shop) -> None:
    page, _, _ = store(visits)
    row = page.locator("tr[data-sku='SKU-BZC-001']")
    row.get_by_role("button", name="Deixar só uma livre").click()
    expect(row.locator("[data-number=available]")).to_have_text("1")
    expect(row.locator("[data-number=bling]")).to_have_text("1")


def test_on_a_phone_the_columns_stand_one_below_the_other(visits: Visits, shop: Shop) -> None:
    page, ana, _ = store(visits, width=390)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    assert ana.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_blings_page_shows_its_books_and_takes_orders(visits: Visits, shop: Shop) -> None:
    page = visits.page("/sandbox/bling/", width=390)
    page.locator("[data-order=down]").click()
    expect(page.get_by_text("bad_gateway")).to_be_visible()
    page.locator("[data-order=well]").click()
    expect(page.get_by_text("bad_gateway")).to_have_count(0)
    before = page.locator("#movements tbody tr").count()
    page.locator(f"[data-order=receive][data-sku='{SKU}']").click()
    expect(page.locator("#movements tbody tr").first).to_contain_text("recebimento")
    assert page.locator("#movements tbody tr").count() == min(30, before + 1)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
