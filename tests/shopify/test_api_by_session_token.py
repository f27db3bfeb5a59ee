"""The API for the page inside Shopify's admin: its session token names the shop, and nothing else does."""

import time
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.db.models.functions import Now
from django.http import HttpResponse
from django.test import Client

from reservations.models import InstallationState, Shop, ShopifyInstallation
from tests.api.client import Merchant, body_of, outcome
from tests.factories import hold, make_shop, numbers, stock_of
from tests.shopify.signing import session_token

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]
REFUSED = (401, "invalid_session_token")


def ask(token: str, path: str, body: object = None, *, scheme: str = "Bearer", key: str = "") -> HttpResponse:
    """A GET, or a POST where there is a body."""
    headers = {"Authorization": f"{scheme} {token}"} | ({"Idempotency-Key": key} if key else {})
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    if body is None:
        return client.get(path, headers=headers)  # type: ignore[return-value]
    sent: Any = orjson.dumps(body)
    return client.post(path, sent, content_type="application/json", headers=headers)  # type: ignore[return-value]


def shop_with_stock(units: int = 5) -> Shop:
    shop = make_shop()
    stock_of(shop, units)
    return shop


def test_a_token_opens_every_call_of_its_own_shop() -> None:
    shop = shop_with_stock()
    token, cart = session_token(shop.domain), str(uuid4())
    assert body_of(ask(token, "/stock/SKU-1"))["quantity"] == 5
    held = body_of(ask(token, "/stock/SKU-1/reserve", {"quantity": 2}))
    assert body_of(ask(token, f"/reservations/{held['reservation_id']}"))["quantity"] == 2
    assert outcome(ask(token, "/stock/extend", {"reservation_id": held["reservation_id"]}))[0] == 200
    assert outcome(ask(token, "/stock/confirm", {"reservation_id": held["reservation_id"]}))[0] == 200
    lines = [{"sku": "SKU-1", "quantity": 1}]
    assert outcome(ask(token, "/stock/reserve", {"cart_token": cart, "lines": lines}))[0] == 200
    assert body_of(ask(token, "/cart/validate", {"cart_token": cart, "lines": lines}))["ok"]
    assert outcome(ask(token, "/stock/release", {"cart_token": cart}))[0] == 200
    assert numbers(shop) == (5, 0, 2)


def test_a_token_that_is_over_is_refused_with_the_word_to_try_once_more() -> None:
    shop = shop_with_stock()
    response = ask(session_token(shop.domain, exp=int(time.time()) - 11), "/stock/SKU-1")
    assert outcome(response) == REFUSED
    assert response["X-Shopify-Retry-Invalid-Session-Request"] == "1"
    assert response["WWW-Authenticate"] == 'Bearer realm="stock"'


def test_a_token_within_the_leeway_of_ten_seconds_is_good() -> None:
    shop = shop_with_stock()
    assert outcome(ask(session_token(shop.domain, exp=int(time.time()) - 5), "/stock/SKU-1"))[0] == 200


@pytest.mark.parametrize("claim", ["exp", "nbf", "aud", "dest", "iss", "sub"])
def test_a_token_that_lacks_a_claim_opens_nothing(claim: str) -> None:
    shop = shop_with_stock()
    assert outcome(ask(session_token(shop.domain, **{claim: None}), "/stock/SKU-1")) == REFUSED


@pytest.mark.parametrize("token", ["", " ", "x", "a.b.c", "é", "x" * 10_000, "null"])
def test_what_is_no_token_is_refused_and_never_an_error_of_ours(token: str) -> None:
    shop_with_stock()
    assert outcome(ask(token, "/stock/SKU-1")) == REFUSED


def test_a_token_of_another_apps_secret_or_for_another_app_is_refused() -> None:
    shop = shop_with_stock()
    assert outcome(ask(session_token(shop.domain, "the-secret-of-another-app"), "/stock/SKU-1")) == REFUSED
    assert outcome(ask(session_token(shop.domain, aud="another-app"), "/stock/SKU-1")) == REFUSED


def test_a_token_never_reaches_another_shops_data() -> None:
    ours, theirs = shop_with_stock(5), shop_with_stock(9)
    held = hold(theirs)
    token = session_token(ours.domain)
    named = {"reservation_id": str(held.reservation_id)}
    assert body_of(ask(token, f"/stock/SKU-1?shop={theirs.domain}"))["quantity"] == 5
    assert outcome(ask(token, f"/reservations/{held.reservation_id}")) == (404, "unknown_reservation")
    for command in ("confirm", "release", "extend"):
        assert outcome(ask(token, f"/stock/{command}", named)) == (404, "unknown_reservation")
    assert numbers(theirs) == (9, 1, 0)


def test_a_shop_that_is_not_known_or_was_left_is_told_so_without_a_retry() -> None:
    gone = shop_with_stock()
    ShopifyInstallation.objects.create(shop=gone, installed_at=Now(), state=InstallationState.UNINSTALLED)
    for domain in (gone.domain, "stranger.myshopify.com"):
        response = ask(session_token(domain), "/stock/SKU-1")
        assert outcome(response) == (401, "app_not_installed")
        assert response["WWW-Authenticate"].startswith("Bearer")
        assert "X-Shopify-Retry-Invalid-Session-Request" not in response


def test_a_token_opens_nothing_behind_the_proxy_nor_as_an_api_key() -> None:
    shop = shop_with_stock()
    token = session_token(shop.domain)
    assert outcome(ask(token, "/proxy/stock/SKU-1")) == (401, "invalid_proxy_signature")
    assert outcome(ask(token, "/stock/SKU-1", scheme="Api-Key")) == (401, "invalid_api_key")
    assert outcome(ask(Merchant(shop).key, "/stock/SKU-1")) == REFUSED


def test_an_idempotency_key_belongs_to_the_member_of_staff_who_sent_it() -> None:
    shop = shop_with_stock()
    first = ask(session_token(shop.domain), "/stock/SKU-1/reserve", {}, key="one")
    again = ask(session_token(shop.domain, jti="another"), "/stock/SKU-1/reserve", {}, key="one")
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    colleague = ask(session_token(shop.domain, sub="43"), "/stock/SKU-1/reserve", {}, key="one")
    assert colleague.content != first.content
    assert outcome(ask(session_token(shop.domain, sub="9" * 300), "/stock/SKU-1/reserve", {}, key="one"))[0] == 200
    assert numbers(shop) == (5, 3, 0)
