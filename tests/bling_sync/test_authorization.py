"""Consent and tokens: a code is used once, a pair is renewed once, and nobody reconnects unless Bling demands it."""

import json
import re
import time
from datetime import timedelta
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.conf import settings as configured
from django.test import Client
from pytest_django import Settings

from bling_sync import durations, housekeeping, shop_work
from bling_sync.errors import AuthorizationLost, NotApplied, NotRenewed
from bling_sync.models import AuthorizationRequest, Connection
from bling_sync.oauth import consent_request, consent_return, token_call_cap, token_pair
from plumbing import database_clock, key_rotation
from sandbox.bling import RunningStandIn
from tests.bling_sync.strange import Answer, Strange, plain
from tests.bling_sync.world import World
from tests.factories import make_shop
from tests.support import stopwatch
from tests.support.patience import PATIENCE_SECONDS
from tests.support.rendezvous import at_once, returned

pytestmark = pytest.mark.django_db(transaction=True)


def consent(address: str) -> dict[str, str]:
    """Say yes as the merchant; returns what Bling sends the browser back with."""
    answer = requests.get(address, allow_redirects=False, timeout=PATIENCE_SECONDS)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def grow_old(world: World) -> None:
    """Let the access token expire, here and at Bling."""
    world.bling.control.post("clock", seconds=21_700)
    Connection.objects.filter(shop=world.shop).update(
        access_expires_at="2020-01-01T06:00:00Z", refreshed_at="2020-01-01T00:00:00Z"
    )


def refusing(status: int, kind: str, description: str) -> Answer:
    """A refusal in Bling's shape."""
    body = {"error": {"type": kind, "message": description, "description": description}}
    return plain(f"{status} No", json.dumps(body).encode(), "Content-Type: application/json")


def refreshes(world: World) -> int:
    issued = world.bling.control.get("tokens")["tokens"]
    return sum(issue["grant_type"] == "refresh_token" for issue in issued)


def test_a_state_is_good_once_and_only_once(bling: RunningStandIn) -> None:
    shop = make_shop()
    query = consent(consent_request.authorization_address(shop))
    client = Client()
    assert client.get("/bling/callback", query).status_code == 200
    assert client.get("/bling/callback", query).status_code == 400
    assert len(bling.control.get("tokens")["tokens"]) == 1


@pytest.mark.parametrize("state", ["", "1.forged", "x", "1", "99999999999999999999.x", "\x00", "1." + "a" * 5_000])
def test_a_state_that_is_not_ours_brings_no_token_call(bling: RunningStandIn, state: str) -> None:
    make_shop()
    answer = Client().get("/bling/callback", {"state": state, "code": "abc"})
    assert answer.status_code == 400
    assert bling.control.get("requests")["requests"] == []


def test_a_state_that_has_grown_old_is_refused(bling: RunningStandIn) -> None:
    query = consent(consent_request.authorization_address(make_shop()))
    AuthorizationRequest.objects.update(expires_at="2020-01-01T00:00:00Z")
    assert Client().get("/bling/callback", query).status_code == 400


def test_a_state_that_a_browser_began_is_refused_in_another(bling: RunningStandIn) -> None:
    shop = make_shop()
    mine, other = Client(), Client()
    link = consent_request.connect_link(shop)
    assert mine.get(link).status_code == 200
    query = consent(mine.post(link)["Location"])
    assert other.get("/bling/callback", query).status_code == 400
    assert mine.get("/bling/callback", query).status_code == 200


def test_the_connect_page_needs_a_link_of_ours_or_a_signed_in_member_of_staff(bling: RunningStandIn) -> None:
    shop = make_shop()
    assert Client().get("/bling/connect").status_code == 403
    assert Client().get("/bling/connect", {"shop": shop.domain}).status_code == 403
    assert Client().get("/bling/connect", {"link": "forged"}).status_code == 403


def test_a_link_is_the_first_browsers_that_opens_it() -> None:
    link = consent_request.connect_link(make_shop())
    mine, other = Client(), Client()
    assert mine.get(link).status_code == 200
    assert {other.get(link).status_code, other.post(link).status_code} == {403}
    assert (mine.get(link).status_code, mine.post(link).status_code) == (200, 302)


def test_a_link_is_used_once() -> None:
    link, mine = consent_request.connect_link(make_shop()), Client()
    mine.get(link)
    assert [mine.post(link).status_code for _ in range(2)] == [302, 403]
    assert mine.get(link).status_code == 403


def test_nothing_leads_to_bling_before_somebody_has_seen_the_question() -> None:
    link = consent_request.connect_link(make_shop())
    assert Client().post(link).status_code == 403
    assert not AuthorizationRequest.objects.exists()


def test_a_program_that_looks_ahead_takes_no_link() -> None:
    link, mine = consent_request.connect_link(make_shop()), Client()
    assert Client().head(link).status_code == 200
    assert mine.get(link).status_code == 200


def test_a_link_is_good_for_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    link, mine = consent_request.connect_link(make_shop()), Client()
    mine.get(link)
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 601)
    assert {mine.get(link).status_code, mine.post(link).status_code, Client().get(link).status_code} == {403}


def test_a_link_is_no_answer_of_blings(bling: RunningStandIn) -> None:
    link, mine = consent_request.connect_link(make_shop()), Client()
    mine.get(link)
    state = parse_qs(urlsplit(link).query)["link"][0]
    assert mine.get("/bling/callback", {"state": state, "code": "abc"}).status_code == 400
    assert bling.control.get("requests")["requests"] == []


def test_the_question_names_the_shop_and_the_account_and_is_sent_by_no_other_site(world: World) -> None:
    link, browser = consent_request.connect_link(world.shop), Client(enforce_csrf_checks=True)
    asked = browser.get(link)
    text = asked.content.decode()
    assert world.shop.domain in text
    assert f"Conta no Bling: {world.connection.company_name}, como hoje." in text
    assert "form-action 'self' http://127.0.0.1" in asked["Content-Security-Policy"]
    assert browser.post(link).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
    assert token
    assert browser.post(link, {"csrfmiddlewaretoken": token[1]}).status_code == 302


def test_a_merchant_who_says_no_reads_that_nothing_was_changed(bling: RunningStandIn) -> None:
    bling.control.post("oauth", denies=True)
    shop = make_shop()
    answer = Client().get("/bling/callback", consent(consent_request.authorization_address(shop)))
    assert answer.status_code == 400
    assert "Nada foi alterado" in answer.content.decode()
    assert not Connection.objects.filter(shop=shop).exists()


def test_a_lost_answer_to_the_exchange_is_never_tried_again_with_the_same_code(bling: RunningStandIn) -> None:
    bling.control.post("faults", kind="cut_after", on="POST /oauth/token")
    shop = make_shop()
    query = consent(consent_request.authorization_address(shop))
    assert Client().get("/bling/callback", query).status_code == 502
    assert len(bling.control.get("tokens")["tokens"]) == 1
    assert World(bling, shop).consent().status_code == 200


def test_the_callback_speaks_the_language_of_its_reader(bling: RunningStandIn) -> None:
    query = consent(consent_request.authorization_address(make_shop()))
    page = Client(headers={"accept-language": "en"}).get("/bling/callback", query)
    assert "Bling is connected" in page.content.decode()
    assert "default-src 'none'" in page["Content-Security-Policy"]


def test_tokens_are_stored_encrypted_and_every_key_rotation_keeps_them_readable(
    world: World, settings: Settings
) -> None:
    from cryptography.fernet import Fernet

    plain = world.bling.control.get("tokens")["tokens"][0]
    stored = world.connection
    assert plain["access_token"] not in stored.access_token
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]
    assert key_rotation.rotate().rotated == 2
    assert token_pair.access_token(world.shop.pk) == plain["access_token"]


def test_an_expired_token_is_renewed_at_its_next_use(world: World) -> None:
    grow_old(world)
    world.buy(quantity=2)
    world.push()
    assert world.in_bling() == (8, 8)
    assert refreshes(world) == 1


def test_workers_that_need_a_new_token_at_once_renew_it_once(world: World) -> None:
    grow_old(world)
    got = at_once([partial(token_pair.access_token, world.shop.pk) for _ in range(4)])
    assert len(set(returned(got))) == 1
    assert len(returned(got)) == 4
    assert refreshes(world) == 1


def test_a_refused_token_is_renewed_and_the_call_is_made_again(world: World) -> None:
    Connection.objects.update(refreshed_at="2020-01-01T00:00:00Z")
    world.fault("unauthorized")
    world.buy(quantity=2)
    world.push()
    assert world.in_bling() == (8, 8)
    assert refreshes(world) == 1


def test_a_token_that_bling_takes_back_soon_after_it_was_given_is_renewed_within_seconds(world: World) -> None:
    Connection.objects.update(refreshed_at=database_clock.now() - timedelta(seconds=20))
    world.fault("unauthorized")
    world.buy(quantity=2)
    world.push()
    assert world.in_bling() == (8, 8)
    assert refreshes(world) == 1


def test_tokens_that_bling_refuses_again_and_again_are_renewed_ever_more_seldom(world: World) -> None:
    Connection.objects.update(refreshed_at=database_clock.now() - timedelta(seconds=20), failures=2)
    refused = token_pair.access_token(world.shop.pk)
    with pytest.raises(NotRenewed):
        token_pair.access_token(world.shop.pk, refused=refused)
    assert refreshes(world) == 0


def test_an_account_that_is_not_paid_for_keeps_no_worker_waiting_and_is_said_so(
    world: World, settings: Settings
) -> None:
    grow_old(world)
    world.buy(quantity=2)
    with Strange() as unpaid:
        unpaid.answer = refusing(401, "UNAUTHORIZED_ERROR", "Empresa inativa")
        settings.BLING_API_URL = unpaid.url
        began = stopwatch.now()
        for _ in range(3):
            world.push()
            world.read()
        stopwatch.judge(stopwatch.now() - began, promised=5.0)
        assert unpaid.requests == ["POST /Api/v3/oauth/token"]
    assert housekeeping.warnings(world.connection) == ["authorization_not_renewed"]
    assert "Empresa inativa" in world.connection.last_error
    assert world.states() == {"pending": 1}
    settings.BLING_API_URL = world.bling.api_url
    Connection.objects.update(refreshing_until=None, wait_until=None)
    world.push()
    assert world.in_bling() == (8, 8)
    assert housekeeping.warnings(world.connection) == []


def test_one_account_that_is_not_paid_for_does_not_end_the_round_over_the_others(
    world: World, settings: Settings
) -> None:
    other = World(world.bling)
    other.connect()
    for one in (world, other):
        grow_old(one)
    with Strange() as unpaid:
        unpaid.answer = refusing(401, "UNAUTHORIZED_ERROR", "Empresa inativa")
        settings.BLING_API_URL = unpaid.url
        housekeeping.keep_authorizations()
        assert len(unpaid.requests) == 2


@pytest.mark.parametrize("kind", ["invalid_grant", "VALIDATION_ERROR"])
def test_a_refresh_token_that_is_not_valid_ends_in_one_clear_state(world: World, settings: Settings, kind: str) -> None:
    grow_old(world)
    with Strange() as strict:
        strict.answer = refusing(400, kind, "Invalid refresh token")
        settings.BLING_API_URL = strict.url
        with pytest.raises(AuthorizationLost):
            token_pair.access_token(world.shop.pk)
    assert housekeeping.warnings(world.connection) == ["authorization_lost"]


def test_a_lost_answer_to_a_renewal_costs_nothing_when_bling_takes_the_former_token(world: World) -> None:
    world.bling.control.post("oauth", previous_refresh_token="accepted")
    grow_old(world)
    world.fault("cut_after", on="POST /oauth/token")
    with pytest.raises(NotApplied):
        _without_patience(world)
    Connection.objects.update(refreshing_until=None)
    assert token_pair.access_token(world.shop.pk)
    assert world.connection.state == "connected"


def test_a_lost_answer_to_an_early_renewal_leaves_the_old_token_at_work(world: World) -> None:
    """We renew half an hour before the end, so that the old token still works."""
    known = world.connection
    assert known.access_expires_at is not None
    Connection.objects.update(refreshed_at=known.access_expires_at.replace(year=2020))
    Connection.objects.update(access_expires_at=database_clock.now() + durations.RENEW_BEFORE / 2)
    world.fault("cut_after", on="POST /oauth/token")
    world.buy(quantity=2)
    world.push()
    assert world.in_bling() == (8, 8)


def test_a_revoked_authorization_ends_in_one_clear_state(world: World) -> None:
    world.bling.control.post("oauth/revoke")
    Connection.objects.update(refreshed_at="2020-01-01T00:00:00Z")
    world.buy(quantity=2)
    world.push()
    assert world.connection.state == "authorization_lost"
    assert housekeeping.warnings(world.connection) == ["authorization_lost"]
    with pytest.raises(AuthorizationLost):
        token_pair.access_token(world.shop.pk)
    assert world.states() == {"pending": 1}
    assert world.consent().status_code == 200
    world.push()
    assert world.in_bling() == (8, 8)


def test_a_code_that_somebody_uses_again_ends_in_one_clear_state_and_a_new_consent_mends_it(
    bling: RunningStandIn,
) -> None:
    """Bling then revokes the code's tokens; nothing of ours can prevent it."""
    world = World(bling)
    query = consent(consent_request.authorization_address(world.shop))
    assert Client().get("/bling/callback", query).status_code == 200
    app = (configured.BLING_CLIENT_ID, configured.BLING_CLIENT_SECRET)
    form = {"grant_type": "authorization_code", "code": query["code"]}
    assert requests.post(f"{bling.api_url}/oauth/token", form, auth=app, timeout=PATIENCE_SECONDS).status_code == 400
    Connection.objects.update(refreshed_at="2020-01-01T00:00:00Z", access_expires_at="2020-01-01T00:00:00Z")
    with pytest.raises(AuthorizationLost):
        token_pair.access_token(world.shop.pk)
    assert housekeeping.warnings(world.connection) == ["authorization_lost"]
    assert world.consent().status_code == 200
    assert token_pair.access_token(world.shop.pk)


def test_a_spurious_refusal_of_a_fresh_token_loses_no_authorization(world: World) -> None:
    world.fault("unauthorized", on="GET /", times=2)
    world.read()
    assert world.connection.state == "connected"


def test_token_calls_stop_at_ten_a_minute_over_all_shops() -> None:
    for _ in range(token_call_cap.CALLS):
        token_call_cap.spend()
    with pytest.raises(NotApplied) as refused:
        token_call_cap.spend()
    assert refused.value.retry_after is not None
    assert 0 < refused.value.retry_after <= 62


def test_another_company_cannot_take_the_place_of_the_one_whose_products_are_linked(world: World) -> None:
    other = world.bling.control.post("accounts", name="Outra")
    world.bling.control.post("oauth", signed_in=other["id"])
    company = world.connection.company_id
    assert world.consent().status_code == 409
    assert world.connection.company_id == company
    world.buy(quantity=2)
    world.push()
    assert world.in_bling() == (8, 8)


def test_a_consent_of_a_company_that_cannot_be_read_takes_nothing_over_from_the_former_one(world: World) -> None:
    other = world.bling.control.post("accounts", name="Outra")
    world.bling.control.post("oauth", signed_in=other["id"])
    company = world.connection.company_id
    world.fault("error_before", on="GET /empresas", times=None)
    assert world.consent().status_code == 502
    world.bling.control.post("faults/clear")
    assert world.connection.company_id == company
    Connection.objects.update(wait_until=None)
    world.buy(quantity=2)
    world.push()
    assert world.in_bling() == (8, 8)


def test_a_company_that_could_not_be_read_at_the_consent_is_read_by_the_next_round(bling: RunningStandIn) -> None:
    world = World(bling)
    world.fault("error_before", on="GET /empresas", times=3)
    assert world.consent().status_code == 200
    assert (world.connection.company_id, world.connection.mode) == ("", "observe")
    shop_work.ready_connection(world.shop.pk)
    assert world.connection.company_id == bling.control.get("accounts")["accounts"][0]["id"]
    assert world.connection.mode == "movement"


def test_a_merchant_does_not_wait_for_all_that_a_slow_bling_has_to_say(
    bling: RunningStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consent_return, "PATIENCE_SECONDS", 0.2)
    world = World(bling)
    world.fault("slow", on="GET /empresas", seconds=0.5)
    assert world.consent().status_code == 200
    assert world.connection.company_id
    assert world.requests_to("GET /Api/v3/canais-venda") == []
    shop_work.ready_connection(world.shop.pk)
    assert world.connection.mode == "movement"


def test_credentials_and_tokens_are_in_no_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    grow_old(world)
    world.buy()
    world.settle()
    issued = world.bling.control.get("tokens")["tokens"]
    secrets = {issue[name] for issue in issued for name in ("access_token", "refresh_token")}
    assert not any(secret in caplog.text for secret in secrets)


def _without_patience(world: World) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(token_pair, "_WAIT_FOR_OTHERS_SECONDS", 0.5)
        token_pair.access_token(world.shop.pk)
