"""issue_api_key and revoke_api_key: for more servers, and for servers that the merchant no longer trusts."""

from datetime import timedelta

import pytest
from django.core.management.base import CommandError

from reservations.api_keys import issue_key
from reservations.models import ApiKey, hash_key
from tests.factories import database_now, make_shop
from tests.support.terminal import output_of

pytestmark = pytest.mark.django_db


def test_a_further_key_has_the_name_and_the_limit_that_it_was_given() -> None:
    shop = make_shop()
    output = output_of("issue_api_key", shop.domain, "--name", "ERP", "--requests-per-minute", "60")
    key = ApiKey.objects.get()
    assert (key.shop, key.name, key.requests_per_minute) == (shop, "ERP", 60)
    assert key.hash == hash_key(output.split()[-1])


def test_a_key_may_do_what_its_scopes_say_or_all() -> None:
    shop = make_shop()
    output_of("issue_api_key", shop.domain, "--scope", "read", "--scope", "hold")
    output_of("issue_api_key", shop.domain)
    assert list(ApiKey.objects.order_by("pk").values_list("scopes", flat=True)) == [["hold", "read"], ["all"]]


def test_a_key_is_replaced_by_one_that_may_do_the_same_and_ends_a_while_later() -> None:
    old = issue_key(make_shop(), name="ERP", scopes=["read"]).key
    output = output_of("rotate_api_key", old.prefix, "--overlap-hours", "3")
    new = ApiKey.objects.latest("pk")
    assert new.hash == hash_key(output.split()[-1])
    assert (new.shop, new.name, new.scopes, new.ends_at) == (old.shop, "ERP", ["read"], None)
    old.refresh_from_db()
    assert old.ends_at is not None
    assert timedelta(hours=2) < old.ends_at - database_now() <= timedelta(hours=3)


@pytest.mark.parametrize("hours", ["-1", "721"])
def test_an_overlap_that_makes_no_sense_replaces_no_key(hours: str) -> None:
    key = issue_key(make_shop()).key
    with pytest.raises(CommandError, match="overlap-hours"):
        output_of("rotate_api_key", str(key.pk), "--overlap-hours", hours)
    assert ApiKey.objects.get().ends_at is None


def test_a_revoked_key_is_replaced_by_none() -> None:
    key = issue_key(make_shop()).key
    output_of("revoke_api_key", str(key.pk))
    with pytest.raises(CommandError, match="make a new one"):
        output_of("rotate_api_key", str(key.pk))
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize("limit", ["0", "-1", "99999999999"])
def test_a_limit_that_makes_no_sense_issues_no_key(limit: str) -> None:
    shop = make_shop()
    with pytest.raises(CommandError, match="requests-per-minute"):
        output_of("issue_api_key", shop.domain, "--requests-per-minute", limit)
    assert not ApiKey.objects.exists()


def test_a_key_cannot_be_issued_for_a_shop_that_is_not_there() -> None:
    with pytest.raises(CommandError, match=r"There is no shop nobody\.myshopify\.com"):
        output_of("issue_api_key", "nobody.myshopify.com")


def test_a_key_is_revoked_by_its_number_or_by_its_beginning() -> None:
    first, second = (issue_key(make_shop()).key for _ in range(2))
    output_of("revoke_api_key", str(first.pk))
    output_of("revoke_api_key", second.prefix)
    assert not ApiKey.objects.filter(revoked_at=None).exists()


def test_a_revoked_key_keeps_the_time_of_its_first_revocation() -> None:
    key = issue_key(make_shop()).key
    output_of("revoke_api_key", key.prefix)
    first = ApiKey.objects.get().revoked_at
    with pytest.raises(CommandError, match="revoked before"):
        output_of("revoke_api_key", key.prefix)
    assert ApiKey.objects.get().revoked_at == first


def test_a_beginning_that_several_keys_share_revokes_none_of_them() -> None:
    shop = make_shop()
    for end in ("1", "2"):
        issue_key(shop, key=f"chave-da-loja-{end}")
    with pytest.raises(CommandError, match="say which by number"):
        output_of("revoke_api_key", ApiKey.objects.all()[0].prefix)
    assert ApiKey.objects.filter(revoked_at=None).count() == 2


@pytest.mark.parametrize("text", ["nada", "0", "9" * 30])
def test_an_unknown_key_is_named_in_the_refusal(text: str) -> None:
    with pytest.raises(CommandError, match=text):
        output_of("revoke_api_key", text)
