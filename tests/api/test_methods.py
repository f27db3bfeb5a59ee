"""Every address refuses other methods than its own, with `Allow`, and redirects nobody."""

import pytest
from django.test import Client

from tests.api.client import Merchant, body_of, outcome
from tests.factories import stock_of

pytestmark = pytest.mark.django_db

ALLOWED = {
    "/stock/SKU-1": "GET, HEAD, OPTIONS",
    "/stock/SKU-1/reserve": "GET, POST, HEAD, OPTIONS",
    "/stock/reserve": "GET, POST, HEAD, OPTIONS",
    "/stock/confirm": "GET, POST, HEAD, OPTIONS",
    "/stock/release": "GET, POST, HEAD, OPTIONS",
    "/stock/extend": "GET, POST, HEAD, OPTIONS",
    "/reservations/x": "GET, HEAD, OPTIONS",
    "/healthz": "GET, HEAD, OPTIONS",
    "/readyz": "GET, HEAD, OPTIONS",
    "/metrics": "GET, HEAD, OPTIONS",
    "/api/schema": "GET, HEAD, OPTIONS",
}


@pytest.mark.parametrize(("path", "allowed"), ALLOWED.items())
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_a_method_that_an_address_does_not_have_is_refused(method: str, path: str, allowed: str) -> None:
    if method in allowed:
        return
    response = Merchant().send(method, path)
    assert outcome(response) == (405, "method_not_allowed")
    assert response["Allow"] == allowed


@pytest.mark.parametrize(("path", "allowed"), ALLOWED.items())
def test_options_names_the_methods_to_anybody(path: str, allowed: str) -> None:
    response = Client().options(path)
    assert (response.status_code, response.content, response["Allow"]) == (204, b"", allowed)


def test_head_is_get_without_its_body() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    get, head = merchant.get("/stock/SKU-1"), merchant.send("HEAD", "/stock/SKU-1")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Type"] == get["Content-Type"]


@pytest.mark.parametrize("path", ["/nowhere", "/stock", "/reservations/", "/reservations/x/y", "/%FF", "/a%00b"])
def test_an_unknown_address_is_a_404_in_json(path: str) -> None:
    response = Merchant().get(path)
    assert outcome(response) == (404, "not_found")


@pytest.mark.parametrize(
    "path", ["/stock/confirm/", "/stock/SKU-1/reserve/", "/stock/reserve/", "/healthz/", "/metrics/"]
)
def test_a_slash_too_many_is_never_redirected(path: str) -> None:
    response = Merchant().send("POST", path)
    assert response.status_code in (404, 405)
    assert body_of(response)["code"] in ("not_found", "method_not_allowed")
