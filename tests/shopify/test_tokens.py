"""Tokens: exchanged when a merchant opens the app, refreshed by one at a time, never lost, never stored in clear."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import patch

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from django.db.models.functions import Now
from django.utils.timezone import now
from pytest_django import Settings

from plumbing.key_rotation import rotate
from reservations.models import InstallationState, Shop, ShopifyInstallation
from reservations.shopify.access import access_tokens, stored_tokens, token_endpoint
from reservations.shopify.access.installation import open_app, uninstall
from reservations.shopify.access.session_token import SessionToken
from reservations.shopify.errors import (
    ClientRefused,
    NeedsReopen,
    NotInstalled,
    ShopifyError,
    SubjectTokenRefused,
    Unreachable,
)
from sandbox.shopify import RunningStandIn
from tests.factories import make_shop
from tests.shopify.answering import answering
from tests.shopify.stores import installation, installed_shop, issued, let_access_token_end, opened

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def in_threads(count: int, shop: Shop) -> list[str]:
    """Ask for the shop's token in `count` threads at the same instant."""
    barrier = threading.Barrier(count)

    def ask(_: int) -> str:
        barrier.wait()
        try:
            return access_tokens.access_token(shop.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(ask, range(count)))


def test_opening_the_app_installs_it_with_an_expiring_pair_of_tokens(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    row = installation(shop)
    assert row.state == InstallationState.INSTALLED
    assert row.access_expires_at is not None and row.refresh_expires_at is not None
    assert row.refresh_expires_at - row.access_expires_at > timedelta(days=80)
    assert "read_products" in row.scopes
    assert issued(shopify, shop) == ["exchange"]


def test_a_shop_nobody_knew_is_made_by_opening_the_app(shopify: RunningStandIn) -> None:
    shopify.control.post("stores", shop="new-store.myshopify.com")
    assert opened(shopify, "new-store.myshopify.com") == Shop.objects.get(domain="new-store.myshopify.com")


def test_opening_the_app_again_exchanges_nothing(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    token = access_tokens.access_token(shop.pk)
    for _ in range(3):
        opened(shopify, shop.domain)
    assert issued(shopify, shop) == ["exchange"]
    assert access_tokens.access_token(shop.pk) == token


def test_a_page_opened_in_several_tabs_at_once_exchanges_once(shopify: RunningStandIn) -> None:
    shop = make_shop()
    shopify.control.post("stores", shop=shop.domain)

    def open_tab(_: int) -> None:
        try:
            opened(shopify, shop.domain)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(open_tab, range(5)))
    assert issued(shopify, shop) == ["exchange"]


def test_tokens_are_stored_encrypted_for_their_shop_alone(shopify: RunningStandIn) -> None:
    shop, other = installed_shop(shopify), installed_shop(shopify)
    token = access_tokens.access_token(shop.pk)
    row = installation(shop)
    assert token not in row.access_token + row.refresh_token
    assert "shp" not in row.access_token + row.refresh_token
    ShopifyInstallation.objects.filter(shop=other).update(
        access_token=row.access_token, refresh_token=row.refresh_token
    )
    with pytest.raises(NeedsReopen):
        access_tokens.access_token(other.pk)


def test_tokens_that_no_key_opens_are_exchanged_anew_when_the_merchant_comes(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    ShopifyInstallation.objects.filter(shop=shop).update(access_token="of a lost key", refresh_token="of a lost key")
    opened(shopify, shop.domain)
    assert access_tokens.access_token(shop.pk)
    assert issued(shopify, shop) == ["exchange", "exchange"]


def test_a_shop_whose_tokens_no_key_opens_stands_in_no_other_shops_way(shopify: RunningStandIn) -> None:
    lost, idle = installed_shop(shopify), installed_shop(shopify)
    ShopifyInstallation.objects.update(refresh_expires_at=Now() + timedelta(days=7))
    ShopifyInstallation.objects.filter(shop=lost).update(access_token="of a lost key", refresh_token="of a lost key")
    assert access_tokens.refresh_idle() == 1
    assert issued(shopify, idle) == ["exchange", "refresh"]


def test_a_token_is_refreshed_in_its_last_five_minutes(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    let_access_token_end(shop, seconds=310)
    first = access_tokens.access_token(shop.pk)
    let_access_token_end(shop, seconds=290)
    assert access_tokens.access_token(shop.pk) != first
    assert issued(shopify, shop) == ["exchange", "refresh"]


def test_two_who_refresh_at_once_use_one_refresh_call(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    let_access_token_end(shop)
    assert len(set(in_threads(8, shop))) == 1
    assert issued(shopify, shop) == ["exchange", "refresh"]


def test_nobody_waits_for_a_refresh_while_the_old_token_still_lives(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    old = access_tokens.access_token(shop.pk)
    let_access_token_end(shop, seconds=200)
    with stored_tokens.lease(shop.pk) as mine:
        assert mine is not None
        assert access_tokens.access_token(shop.pk) == old


def test_a_lost_answer_of_a_refresh_loses_nothing(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    let_access_token_end(shop)
    shopify.control.post("faults", kind="cut_after", on="POST", times=1)
    token = access_tokens.access_token(shop.pk)
    stored = stored_tokens.read(shop.pk)
    assert stored is not None and stored.access_token == token
    assert issued(shopify, shop) == ["exchange", "refresh", "refresh"]


def test_a_crash_between_answer_and_save_loses_nothing(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    let_access_token_end(shop)
    before = installation(shop)
    access_tokens.access_token(shop.pk)
    # As if the process had died right after Shopify's answer: with the old pair stored and the lease taken.
    ShopifyInstallation.objects.filter(shop=shop).update(
        access_token=before.access_token,
        access_expires_at=before.access_expires_at,
        refresh_token=before.refresh_token,
        lease="11111111-1111-4111-8111-111111111111",
        lease_until=Now() + timedelta(seconds=0.5),
    )
    assert access_tokens.access_token(shop.pk)
    assert installation(shop).state == InstallationState.INSTALLED


def test_a_refresh_that_outlives_its_lease_does_not_overwrite_the_next_ones_pair(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    stored = installation(shop).access_token
    with stored_tokens.lease(shop.pk) as mine:
        assert mine is not None
        ShopifyInstallation.objects.filter(shop=shop).update(lease="22222222-2222-4222-8222-222222222222")
        pair = token_endpoint.TokenPair("late", 3600, "late", 3600, "")
        assert stored_tokens.save(shop.pk, mine, pair) is False
    assert installation(shop).access_token == stored


def test_a_spent_refresh_token_marks_the_shop_until_the_merchant_opens_the_app(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    let_access_token_end(shop)
    opened_elsewhere = shopify.control.post("session-token", shop=shop.domain)["token"]
    token_endpoint.exchange(shop.domain, opened_elsewhere)
    for _ in range(2):
        with pytest.raises(NeedsReopen):
            access_tokens.access_token(shop.pk)
    assert installation(shop).state == InstallationState.NEEDS_REOPEN
    assert installation(shop).problem
    assert issued(shopify, shop) == ["exchange", "exchange"]
    opened(shopify, shop.domain)
    assert access_tokens.access_token(shop.pk)
    assert (installation(shop).state, installation(shop).problem) == (InstallationState.INSTALLED, "")


def test_a_shop_without_traffic_gets_fresh_tokens_before_they_end(shopify: RunningStandIn) -> None:
    idle, busy, gone = (installed_shop(shopify) for _ in range(3))
    ShopifyInstallation.objects.filter(shop__in=[idle, gone]).update(refresh_expires_at=Now() + timedelta(days=7))
    ShopifyInstallation.objects.filter(shop=gone).update(
        state=InstallationState.UNINSTALLED, access_token="", refresh_token=""
    )
    assert access_tokens.refresh_idle() == 1
    assert [issued(shopify, shop)[1:] for shop in (idle, busy, gone)] == [["refresh"], [], []]


def test_a_session_token_that_shopify_refuses_leaves_the_shop_as_it_was(shopify: RunningStandIn) -> None:
    shop = make_shop()
    shopify.control.post("stores", shop=shop.domain)
    with pytest.raises(SubjectTokenRefused):
        open_app(SessionToken(shop.domain, "1", "forged", now()))
    assert installation(shop).state == InstallationState.NEEDS_REOPEN
    opened(shopify, shop.domain)
    assert installation(shop).state == InstallationState.INSTALLED


def test_shopify_being_away_is_no_reason_to_give_up_the_tokens(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    let_access_token_end(shop)
    shopify.control.post("faults", kind="bad_gateway", on="POST", times=3)
    with pytest.raises(Unreachable):
        access_tokens.access_token(shop.pk)
    assert installation(shop).state == InstallationState.INSTALLED
    assert access_tokens.access_token(shop.pk)


def test_a_refusal_of_another_kind_is_kept_for_a_person_to_see(shopify: RunningStandIn, settings: Settings) -> None:
    shop = installed_shop(shopify)
    let_access_token_end(shop)
    with answering(settings, 403, {"error": "access_denied"}), pytest.raises(ShopifyError):
        access_tokens.access_token(shop.pk)
    assert "access_denied" in installation(shop).problem
    assert installation(shop).state == InstallationState.INSTALLED


def test_a_refusal_that_was_kept_is_over_when_the_merchant_opens_the_app(
    shopify: RunningStandIn, settings: Settings
) -> None:
    shop = installed_shop(shopify)
    let_access_token_end(shop)
    with answering(settings, 400, {"error": "invalid_client"}):
        with pytest.raises(ClientRefused):
            access_tokens.access_token(shop.pk)
        # The stored tokens stay, and the page can still open.
        opened(shopify, shop.domain)
    assert (installation(shop).state, bool(installation(shop).problem)) == (InstallationState.INSTALLED, True)
    opened(shopify, shop.domain)
    assert installation(shop).problem == ""
    assert issued(shopify, shop) == ["exchange", "exchange"]


def test_a_token_of_an_app_that_left_during_the_refresh_is_not_used(shopify: RunningStandIn) -> None:
    shop = installed_shop(shopify)
    let_access_token_end(shop)
    refresh = token_endpoint.refresh

    def refresh_while_it_leaves(domain: str, refresh_token: str) -> token_endpoint.TokenPair:
        pair = refresh(domain, refresh_token)
        uninstall(shop, now())
        return pair

    with patch.object(token_endpoint, "refresh", refresh_while_it_leaves), pytest.raises(NotInstalled):
        access_tokens.access_token(shop.pk)


def test_a_shop_without_the_app_has_no_token() -> None:
    with pytest.raises(NotInstalled):
        access_tokens.access_token(make_shop().pk)


def test_a_new_encryption_key_takes_over_every_stored_token(shopify: RunningStandIn, settings: Settings) -> None:
    shop = installed_shop(shopify)
    token = access_tokens.access_token(shop.pk)
    fresh = Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [fresh, *settings.ENCRYPTION_KEYS]
    assert rotate().rotated == 2
    assert rotate().rotated == 0
    settings.ENCRYPTION_KEYS = [fresh]
    assert access_tokens.access_token(shop.pk) == token
