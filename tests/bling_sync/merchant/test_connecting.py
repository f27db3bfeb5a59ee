"""Connecting Bling, its settings, and its end, as the merchant sees them."""

import re
from html import unescape

import pytest
import requests
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from bling_sync import merchant_requests
from bling_sync.models import Connection
from tests.bling_sync.consent import open_and_agree
from tests.bling_sync.merchant.company import without_default_deposit
from tests.bling_sync.world import World
from tests.merchant.merchant import Merchant

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]
PAGE = "/app/bling/"


def link_of(page: str) -> str:
    """Where the button leads that opens Bling in a new tab."""
    found = re.search(r'<s-button href="([^"]+)" target="_blank" id="connect"', page)
    assert found, page
    return unescape(found[1])


def test_the_menu_names_the_page(merchant: Merchant) -> None:
    assert '<a href="/app/bling/">Bling</a>' in merchant.page("/app/")


def test_the_button_leads_to_blings_consent_for_this_shop(
    merchant: Merchant, company: World, settings: Settings
) -> None:
    page = merchant.page(PAGE)
    assert "Conectar o Bling" in page
    browser, link = Client(), link_of(page)
    asked = browser.get(link)
    assert asked.status_code == 200
    for said in (merchant.shop.domain, "Conta no Bling: aquela em que", "Continuar para o Bling"):
        assert said in asked.content.decode()
    answer = browser.post(link)
    assert answer.status_code == 302
    assert answer["Location"].startswith(settings.BLING_AUTHORIZE_URL)
    assert f"state={merchant.shop.pk}." in answer["Location"]


def test_the_page_notices_by_itself_that_bling_was_connected(
    merchant: Merchant, company: World, live_server: LiveServer
) -> None:
    link = link_of(merchant.page(PAGE))
    with requests.Session() as browser:
        assert open_and_agree(browser, live_server.url + link).status_code == 200
        # It came back in the browser that began it.
        assert "bling_connect" in browser.cookies
    part = merchant.page(PAGE, part="connection")
    assert "Conectado" in part
    assert "target=" not in part
    assert "Lançar cada venda" in part
    assert str(company.connection.get_mode_reason_display()) in part


def test_a_link_that_a_browser_has_opened_is_offered_to_no_other(merchant: Merchant) -> None:
    first = link_of(merchant.page(PAGE))
    assert link_of(merchant.page(PAGE)) == first
    Client().get(first)
    assert link_of(merchant.page(PAGE)) != first


def test_a_poll_of_an_unchanged_part_costs_no_body(merchant: Merchant) -> None:
    first = merchant.get(PAGE, part="connection")
    again = merchant.get(PAGE, part="connection", **{"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_a_visitor_without_a_session_token_sees_nothing(merchant: Merchant) -> None:
    for path in (PAGE, f"{PAGE}settings/", f"{PAGE}differences/", f"{PAGE}imports/1/", f"{PAGE}imports/1/csv"):
        assert Client().get(path).status_code == 302
        assert Client().post(path, headers={"Authorization": "Bearer forged"}).status_code == 401


def test_a_lost_authorization_is_said_with_the_way_back(merchant: Merchant, company: World) -> None:
    company.connect()
    Connection.objects.update(state="authorization_lost")
    page = merchant.page(PAGE)
    assert "O Bling não aceita mais a nossa autorização" in page
    assert "Conectar de novo" in page
    assert link_of(page)


def test_a_worker_reads_the_deposits_to_choose_from(merchant: Merchant, company: World) -> None:
    without_default_deposit(company)
    company.connect()
    assert "Escolha aquele cujo estoque a loja vende" in merchant.page(PAGE)
    merchant_requests.complete_setup(merchant.shop.pk)
    choices = {one["name"]: one["id"] for one in company.connection.deposit_choices or []}
    assert "Loja" in merchant.page(f"{PAGE}settings/")
    answer = merchant.post(f"{PAGE}settings/", mode="movement", deposit=choices["Loja"], brake_percent=30)
    assert answer.json()["message"] == "Os ajustes foram salvos."
    assert company.connection.deposit_id == choices["Loja"]
    assert company.connection.setup_due_at is None


def test_a_worker_is_asked_for_the_deposits_once_more(merchant: Merchant, company: World) -> None:
    company.connect()
    merchant_requests.complete_setup(merchant.shop.pk)
    assert merchant.post(f"{PAGE}deposits").status_code == 200
    assert company.connection.setup_due_at is not None


def test_the_mode_that_the_merchant_chose_is_said_to_be_theirs(merchant: Merchant, company: World) -> None:
    company.connect()
    deposit = company.connection.deposit_id
    merchant.post(f"{PAGE}settings/", mode="observe", deposit=deposit, brake_percent=45)
    known = company.connection
    assert (known.mode, known.mode_reason, known.brake_percent) == ("observe", "merchant", 45)


@pytest.mark.parametrize(
    ("field", "value"), [("mode", "both"), ("deposit", "1"), ("deposit", ""), ("brake_percent", "0"), ("mode", "")]
)
def test_a_setting_that_cannot_be_is_refused_beside_its_field(
    merchant: Merchant, company: World, field: str, value: str
) -> None:
    company.connect()
    before = Connection.objects.values().get()
    given = {"mode": "movement", "deposit": str(company.connection.deposit_id), "brake_percent": "30"} | {field: value}
    answer = merchant.post(f"{PAGE}settings/", **given)
    assert answer.status_code == 422
    element = answer.content.decode().partition(f'name="{field}"')[2].partition(">")[0]
    assert ' error="' in element
    assert Connection.objects.values().get() == before


def test_the_end_is_asked_for_and_told_to_bling(merchant: Merchant, company: World) -> None:
    company.connect()
    assert "Desconectar" in merchant.page(f"{PAGE}disconnect/")
    assert company.connection.state == "connected"
    assert merchant.post(f"{PAGE}disconnect/").json() == {"message": "O Bling foi desconectado.", "go": PAGE}
    assert company.connection.state == "disconnected"
    assert merchant.get(f"{PAGE}disconnect/").status_code == 404


def test_a_shop_that_forgets_its_company_may_choose_another(merchant: Merchant, company: World) -> None:
    company.connect()
    company.do_import()
    merchant.post(f"{PAGE}disconnect/", forget="1")
    assert company.connection.company_id == ""


def test_what_another_shop_connected_is_not_shown(merchant: Merchant, company: World) -> None:
    company.connect()
    other = Merchant()
    assert "Conectado" not in other.page(PAGE)
    for path in ("settings/", "disconnect/"):
        assert other.get(PAGE + path).status_code == 404
        assert other.post(PAGE + path).status_code == 404
    assert company.connection.state == "connected"
