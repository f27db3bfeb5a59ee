"""For a missing page, and for a failure, the shop's admin still gets a page that it can show."""

from typing import Any

import pytest
from django.test import Client

from reservations.merchant.today import today_page as today
from tests.factories import make_shop, stock_of
from tests.merchant.merchant import Merchant

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def ancestors(response: Any) -> str:
    """Who may frame the page."""
    assert "X-Frame-Options" not in response
    return str(response["Content-Security-Policy"]).partition("frame-ancestors")[2]


@pytest.mark.parametrize(
    "path", ["/app/stock/999999999/", "/app/bling/imports/999999999/", "/app/stock", "/app/nowhere/"]
)
def test_what_is_not_there_is_said_on_a_page_that_the_admin_can_frame(path: str) -> None:
    merchant = Merchant()
    response = merchant.get(path)
    assert response.status_code == 404
    assert merchant.shop.domain in ancestors(response)
    page = response.content.decode()
    assert "Esta página não existe" in page
    assert '<div id="page">' in page
    assert 'href="/app/stock/"' in page
    assert "This page does not exist" in merchant.get(path, locale="en").content.decode()


def test_the_row_of_another_shop_is_not_there() -> None:
    stranger = make_shop()
    stock_of(stranger, 1, "ALHEIO")
    response = Merchant().get(f"/app/stock/{stranger.stock_items.get().pk}/")
    assert response.status_code == 404
    assert "ALHEIO" not in response.content.decode()


def test_an_address_that_is_not_there_tells_a_stranger_nothing_of_a_shop() -> None:
    response = Client().get("/app/nowhere/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/json"


def test_a_failure_is_a_page_that_the_admin_can_frame_and_no_reason_to_worry_about_the_stock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a defect")

    merchant = Merchant()
    monkeypatch.setattr(today, "numbers", fail)
    merchant._client.raise_request_exception = False
    response = merchant.get("/app/")
    assert response.status_code == 500
    assert merchant.shop.domain in ancestors(response)
    assert "Esta página não pôde ser montada" in response.content.decode()
    assert "a defect" not in response.content.decode()
