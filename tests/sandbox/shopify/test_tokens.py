"""Tokens: one refreshable pair per store; a retry makes up for a lost answer, an exchange does not."""

import time
from typing import Any

import jwt
import pytest
import requests

from sandbox.shopify import RunningStandIn
from tests.sandbox.shopify.client import CLIENT, Client

SHOP = "{ shop { myshopifyDomain } }"
OTHER = "outra.myshopify.com"


def test_an_exchange_brings_an_hour_of_access_and_ninety_days_of_refresh(client: Client) -> None:
    assert set(client.tokens) == {
        *("access_token", "scope", "expires_in", "refresh_token", "refresh_token_expires_in"),
    }
    assert (client.tokens["expires_in"], client.tokens["refresh_token_expires_in"]) == (3600, 7_776_000)
    assert client.tokens["refresh_token"].startswith("shprt_")
    assert client.ask(SHOP) == {"shop": {"myshopifyDomain": client.shop}}


def test_a_session_token_has_the_claims_of_shopifys_admin(client: Client) -> None:
    claims = jwt.decode(client.session_token(), CLIENT[1], algorithms=["HS256"], audience=CLIENT[0])
    assert (claims["iss"], claims["dest"]) == (f"https://{client.shop}/admin", f"https://{client.shop}")
    assert (claims["sub"], claims["exp"] - claims["nbf"]) == ("1", 60)
    assert {"iat", "jti", "sid"} <= set(claims)


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1},
        {"exp": None},
        {"nbf": 99_999_999_999},
        {"aud": "another-app"},
        {"dest": "https://outra.myshopify.com"},
        {"iss": "https://outra.myshopify.com/admin"},
    ],
)
def test_a_session_token_that_is_not_right_is_not_exchanged(client: Client, claims: dict[str, Any]) -> None:
    answer = client.exchange(client.session_token(**claims))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_subject_token")


def test_a_session_token_signed_by_somebody_else_is_not_exchanged(client: Client) -> None:
    claims = jwt.decode(client.session_token(), options={"verify_signature": False})
    forged = jwt.encode(claims, "another-secret-that-is-long-enough-too", algorithm="HS256")
    assert client.exchange(forged).json()["error"] == "invalid_subject_token"


def test_a_wrong_secret_and_a_store_without_the_app_are_an_invalid_client(client: Client) -> None:
    assert client.exchange(client_secret="wrong").json()["error"] == "invalid_client"
    client.order("uninstall")
    assert client.exchange().json()["error"] == "invalid_client"


def test_a_refresh_brings_a_new_pair_and_the_old_access_token_lives_out_its_hour(client: Client) -> None:
    before = client.tokens
    client.tokens = client.refresh().json()
    assert not set(before.values()) & {client.tokens["access_token"], client.tokens["refresh_token"]}
    assert client.send(SHOP, token=before["access_token"]).status_code == 200
    client.serving.control.post("clock", seconds=3_601)
    assert client.send(SHOP).status_code == 401
    assert client.refresh().status_code == 200


def test_a_new_exchange_ends_the_former_refresh_token_and_not_its_access_token(client: Client) -> None:
    before = client.tokens
    client.connect()
    answer = client.refresh(before["refresh_token"])
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert client.send(SHOP, token=before["access_token"]).status_code == 200


def test_a_lost_refresh_answer_is_repaired_with_the_former_refresh_token(client: Client) -> None:
    before = client.tokens["refresh_token"]
    client.serving.control.post("faults", kind="cut_after", on="POST /admin/oauth")
    with pytest.raises(requests.ConnectionError):
        client.refresh()
    client.tokens = client.refresh(before).json()
    assert client.send(SHOP).status_code == 200


@pytest.mark.parametrize("use", ["access", "refresh"])
def test_a_former_refresh_token_is_dead_once_its_successor_is_used(client: Client, use: str) -> None:
    before = client.tokens["refresh_token"]
    client.tokens = client.refresh().json()
    if use == "access":
        client.send(SHOP)
    else:
        client.tokens = client.refresh().json()
    assert client.refresh(before).json()["error"] == "invalid_grant"
    assert client.refresh().status_code == 200


def test_a_retry_is_forgiven_for_thirty_days_and_no_longer(client: Client) -> None:
    before = client.tokens["refresh_token"]
    client.refresh()
    client.serving.control.post("clock", seconds=30 * 86_400 - 60)
    assert client.refresh(before).status_code == 200
    client.serving.control.post("clock", seconds=120)
    assert client.refresh(before).json()["error"] == "invalid_grant"


def test_ninety_days_without_a_refresh_end_it(client: Client) -> None:
    client.serving.control.post("clock", seconds=90 * 86_400 + 1)
    assert client.refresh().json()["error"] == "invalid_grant"


def test_a_token_that_never_expires_is_forbidden_at_the_admin_api_and_can_be_moved_on(client: Client) -> None:
    eternal = client.exchange(expiring="0").json()
    assert set(eternal) == {"access_token", "scope"}
    answer = client.send(SHOP, token=eternal["access_token"])
    assert answer.status_code == 403
    assert "Non-expiring access tokens are no longer accepted" in answer.text
    offline = "urn:shopify:params:oauth:token-type:offline-access-token"
    client.tokens = client.exchange(eternal["access_token"], subject_token_type=offline).json()
    assert client.send(SHOP).status_code == 200


def test_an_online_token_names_its_user_and_has_no_refresh_token(client: Client) -> None:
    online = "urn:shopify:params:oauth:token-type:online-access-token"
    answer = client.exchange(requested_token_type=online).json()
    assert answer["expires_in"] == 86_399
    assert answer["associated_user"]["id"] == 1
    assert "refresh_token" not in answer


def test_a_token_opens_its_own_store_and_no_other(client: Client, shopify: RunningStandIn) -> None:
    shopify.control.post("stores", shop=OTHER)
    other = Client(shopify, OTHER).connect()
    assert other.ask(SHOP) == {"shop": {"myshopifyDomain": OTHER}}
    assert client.send(SHOP, token=other.tokens["access_token"]).status_code == 401
    assert client.refresh(other.tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_an_uninstalled_app_has_no_token_left_and_may_be_installed_again(client: Client) -> None:
    client.order("uninstall")
    assert client.send(SHOP).status_code == 401
    client.serving.control.post("stores", shop=client.shop)
    assert client.refresh().json()["error"] == "invalid_grant"
    assert client.connect().send(SHOP).status_code == 200


def test_too_many_token_calls_are_told_when_to_come_back(client: Client) -> None:
    client.serving.control.post("faults", kind="too_many", on="POST /admin/oauth", seconds=2)
    answer = client.refresh()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2.0")


def test_the_books_name_every_token_given_out(client: Client) -> None:
    client.refresh()
    issued = client.serving.control.get("tokens")["tokens"]
    assert [issue["kind"] for issue in issued] == ["exchange", "refresh"]
    assert issued[0]["at"] <= issued[1]["at"] <= time.monotonic()
