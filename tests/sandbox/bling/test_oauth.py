"""Bling's OAuth: codes are used once, refresh tokens rotate, and a code used twice ends the authorization."""

import base64

import jwt
import pytest
import requests

from sandbox.bling import RunningStandIn
from tests.sandbox.bling.client import CLIENT, Client
from tests.support.patience import PATIENCE_SECONDS


def test_the_merchants_yes_brings_a_code_and_the_state_to_the_registered_callback(client: Client) -> None:
    answer = client.authorize(state="xyz", redirect_uri="https://elsewhere.example", scope="1")
    assert answer["state"] == "xyz"
    assert set(answer) == {"code", "state"}


def test_an_authorization_without_state_brings_an_error_and_no_code(client: Client) -> None:
    assert set(client.authorize(state="")) == {"error", "error_description"}


def test_a_merchant_who_says_no_sends_the_browser_back_with_access_denied(client: Client) -> None:
    client.serving.control.post("oauth", denies=True)
    assert client.authorize()["error"] == "access_denied"


def test_an_unknown_app_is_not_sent_anywhere(bling: RunningStandIn) -> None:
    query = {"response_type": "code", "client_id": "another", "state": "s"}
    answer = requests.get(bling.authorize_url, params=query, allow_redirects=False, timeout=PATIENCE_SECONDS)
    assert (answer.status_code, "Location" in answer.headers) == (400, False)


def test_a_code_brings_tokens_of_six_hours_with_a_type_in_lower_case(client: Client) -> None:
    answer = client.exchange(client.authorize()["code"]).json()
    assert (answer["expires_in"], answer["token_type"]) == (21600, "bearer")
    assert set(answer) == {"access_token", "expires_in", "token_type", "scope", "refresh_token"}


def test_the_jwt_header_brings_a_long_jwt_and_its_absence_an_opaque_token(client: Client) -> None:
    long = client.exchange(client.authorize()["code"]).json()["access_token"]
    code = client.authorize()["code"]
    short = client.token(grant_type="authorization_code", code=code, jwt=False).json()["access_token"]
    assert jwt.decode(long, options={"verify_signature": False})["exp"]
    assert (len(long) > 1_000, len(short), short.count(".")) == (True, 40, 0)


def test_an_opaque_token_with_the_jwt_header_is_refused(client: Client) -> None:
    code = client.authorize()["code"]
    client.tokens = client.token(grant_type="authorization_code", code=code, jwt=False).json()
    assert client.send("GET", "/depositos").status_code == 401
    assert client.send("GET", "/depositos", headers={"enable-jwt": "0"}).status_code == 200


def test_using_a_live_code_twice_revokes_what_the_first_use_brought(client: Client) -> None:
    code = client.authorize()["code"]
    client.tokens = client.exchange(code).json()
    again = client.exchange(code)
    assert (again.status_code, again.json()["error"]["type"]) == (400, "VALIDATION_ERROR")
    assert client.send("GET", "/depositos").status_code == 401
    assert client.refresh().json()["error"]["type"] == "invalid_grant"


def test_a_code_is_dead_after_a_minute_and_revokes_nothing_then(client: Client) -> None:
    code = client.authorize()["code"]
    client.serving.control.post("clock", seconds=61)
    assert client.exchange(code).json()["error"]["type"] == "invalid_grant"
    assert client.send("GET", "/depositos").status_code == 200


def test_a_refresh_token_works_once_and_its_successor_goes_on(client: Client) -> None:
    first = client.tokens["refresh_token"]
    client.tokens = client.refresh().json()
    assert client.tokens["refresh_token"] != first
    assert client.refresh(first).json()["error"]["type"] == "invalid_grant"
    assert client.refresh().status_code == 200


def test_the_access_token_from_before_a_refresh_lives_out_its_time(client: Client) -> None:
    client.refresh()
    assert client.send("GET", "/depositos").status_code == 200
    client.serving.control.post("clock", seconds=21_601)
    answer = client.send("GET", "/depositos")
    assert answer.status_code == 401
    assert answer.json()["error"] == {
        "type": "invalid_token",
        "message": "invalid_token",
        "description": "The access token provided has expired",
    }


def test_thirty_days_without_a_refresh_end_the_authorization(client: Client) -> None:
    client.serving.control.post("clock", seconds=30 * 86_400 + 1)
    assert client.refresh().json()["error"]["type"] == "invalid_grant"


def test_a_lost_refresh_answer_costs_the_authorization_unless_the_former_token_is_accepted(client: Client) -> None:
    control, before = client.serving.control, client.tokens["refresh_token"]
    control.post("faults", kind="cut_after", on="POST /oauth/token")
    with pytest.raises(requests.ConnectionError):
        client.refresh()
    assert client.refresh(before).status_code == 400
    control.post("oauth", previous_refresh_token="accepted")
    assert client.refresh(before).status_code == 200


def test_a_former_refresh_token_is_accepted_only_until_its_successor_was_used(client: Client) -> None:
    client.serving.control.post("oauth", previous_refresh_token="accepted")
    before = client.tokens["refresh_token"]
    client.tokens = client.refresh().json()
    client.refresh()
    assert client.refresh(before).status_code == 400


def test_two_refreshes_with_one_token_can_lose_the_whole_authorization(client: Client) -> None:
    client.serving.control.post("oauth", previous_refresh_token="revokes")
    before = client.tokens["refresh_token"]
    client.tokens = client.refresh().json()
    client.refresh(before)
    assert client.refresh().status_code == 400
    assert client.send("GET", "/depositos").status_code == 401


@pytest.mark.parametrize("auth", [None, ("an-id", "wrong"), ("wrong", CLIENT[1])])
def test_credentials_outside_the_basic_header_or_wrong_are_refused(
    client: Client, auth: tuple[str, str] | None
) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": client.tokens["refresh_token"]}
    answer = client.token(auth=auth, client_id=CLIENT[0], client_secret=CLIENT[1], **form)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_client")


def test_a_token_request_that_is_not_a_form_is_refused(bling: RunningStandIn) -> None:
    basic = base64.b64encode(":".join(CLIENT).encode()).decode()
    headers = {"Authorization": f"Basic {basic}"}
    body = {"grant_type": "refresh_token", "refresh_token": "x"}
    answer = requests.post(f"{bling.api_url}/oauth/token", json=body, headers=headers, timeout=PATIENCE_SECONDS)
    assert answer.json()["error"]["type"] == "invalid_request"


def test_the_token_address_without_its_version_is_blocked(bling: RunningStandIn) -> None:
    answer = requests.post(f"{bling.url}/oauth/token", auth=CLIENT, data={}, timeout=PATIENCE_SECONDS)
    assert (answer.status_code, answer.json()["error"]["type"]) == (403, "FORBIDDEN")


def test_revoking_a_token_ends_its_authorization(client: Client) -> None:
    form = {"token": client.tokens["refresh_token"], "token_type_hint": "refresh_token"}
    answer = requests.post(f"{client.serving.api_url}/oauth/revoke", data=form, auth=CLIENT, timeout=PATIENCE_SECONDS)
    assert answer.status_code == 200
    assert client.send("GET", "/depositos").status_code == 401
    assert client.refresh().status_code == 400


def test_a_merchant_can_take_the_authorization_back(client: Client) -> None:
    client.serving.control.post("oauth/revoke")
    assert client.send("GET", "/depositos").status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic abc"])
def test_a_request_without_a_known_token_is_unauthorized(bling: RunningStandIn, header: str) -> None:
    answer = requests.get(f"{bling.api_url}/depositos", headers={"Authorization": header}, timeout=PATIENCE_SECONDS)
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "invalid_token")


def test_each_company_sees_its_own_products_with_its_own_token(client: Client) -> None:
    control = client.serving.control
    other = control.post("accounts", name="Outra Empresa")["id"]
    control.post("products", account=other, sku="OUTRA", quantity=1)
    control.post("oauth", signed_in=other)
    theirs = Client(client.serving).connect()
    assert theirs.get("/empresas/me/dados-basicos")["id"] == other
    assert set(theirs.products()) == {"OUTRA"}
    assert set(client.products()) == {"SKU-BZC-001", "SKU-BZC-002"}


def test_the_books_name_every_pair_of_tokens_given_out(client: Client) -> None:
    client.refresh()
    kinds = [issue["grant_type"] for issue in client.serving.control.get("tokens")["tokens"]]
    assert kinds == ["authorization_code", "refresh_token"]
