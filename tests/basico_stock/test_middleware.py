"""Sessions, cookies and form protection act on pages and cost the API nothing."""

import pytest
from django.test import Client

from basico_stock.middleware import PAGE_PREFIXES

pytestmark = pytest.mark.django_db


def test_a_page_has_a_session_form_protection_and_no_foreign_frame(client: Client) -> None:
    response = client.get("/admin/login/")
    assert response.status_code == 200
    assert "csrftoken" in response.cookies
    assert response.headers["X-Frame-Options"] == "DENY"


def test_a_form_without_its_token_is_refused() -> None:
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a", "password": "b"})
    assert response.status_code == 403


def test_a_page_speaks_the_language_of_its_visitor(client: Client) -> None:
    assert b"Senha" in client.get("/admin/login/", headers={"Accept-Language": "pt-BR"}).content
    assert b"Password" in client.get("/admin/login/", headers={"Accept-Language": "en"}).content


@pytest.mark.parametrize("path", ["/healthz", "/stock/SKU-1", "/nothing/here"])
def test_the_api_sets_no_cookie_and_reads_no_session(client: Client, path: str) -> None:
    response = client.get(path, headers={"Cookie": "sessionid=stolen; csrftoken=stolen"})
    assert not response.cookies
    assert "Vary" not in response.headers or "Cookie" not in response.headers["Vary"]


@pytest.mark.parametrize("path", ["/admin", *(f"{prefix.rstrip('/')}/x" for prefix in PAGE_PREFIXES)])
def test_every_prefix_of_pages_has_its_session(client: Client, path: str) -> None:
    # There may be no view at the address; the middlewares have done their part all the same.
    assert client.get(path).headers.get("X-Frame-Options") == "DENY"


def test_an_unknown_address_is_answered_in_json(client: Client) -> None:
    response = client.get("/nothing/here")
    assert response.status_code == 404
    assert response.json()["code"] == "not_found"
