"""Shops and API keys in the admin: settings are checked, and a key is shown once."""

import re

import pytest
from django.contrib.sessions.models import Session

from reservations.api_keys import issue_key
from reservations.models import ApiKey, Shop, hash_key
from reservations.new_shop import setting_fields
from tests.admin.staff import page, signed_in, text_of
from tests.factories import make_shop

pytestmark = pytest.mark.django_db


def settings_of(shop: Shop, **changed: str) -> dict[str, str]:
    """What the shop's form sends, with these changes."""
    values = {field.name: field.value_from_object(shop) for field in setting_fields()}
    return {name: "" if value is None else str(value) for name, value in (values | changed).items()}


def test_a_shop_is_added_with_its_domain_in_lower_case() -> None:
    values = settings_of(Shop(), domain=" Loja-da-Ana.myshopify.com")
    signed_in().post(page("shop_add"), values)
    assert Shop.objects.get().domain == "loja-da-ana.myshopify.com"


@pytest.mark.parametrize("domain", ["", "loja", "loja.com", "loja.myshopify.com.evil.com"])
def test_what_is_no_domain_of_a_shop_is_refused_beside_its_field(domain: str) -> None:
    assert "errorlist" in text_of(signed_in().post(page("shop_add"), settings_of(Shop(), domain=domain)))
    assert not Shop.objects.exists()


def test_a_setting_is_changed_and_the_domain_never() -> None:
    shop = make_shop()
    signed_in().post(page("shop_change", shop.pk), settings_of(shop, hold_seconds="900", domain="other.myshopify.com"))
    assert Shop.objects.values_list("domain", "hold_seconds").get() == (shop.domain, 900)


@pytest.mark.parametrize(
    "mistake",
    [
        {"hold_seconds": "0"},
        {"hold_seconds": "86401"},
        {"hold_seconds": ""},
        {"hold_seconds": "7200"},
        {"hold_ceiling_seconds": "1"},
        {"max_units_per_line": "0"},
    ],
)
def test_a_setting_out_of_range_is_refused_beside_its_field(mistake: dict[str, str]) -> None:
    shop = make_shop()
    assert "errorlist" in text_of(signed_in().post(page("shop_change", shop.pk), settings_of(shop, **mistake)))
    assert Shop.objects.get().hold_seconds == 600


def test_a_shop_cannot_be_deleted_from_under_its_ledger() -> None:
    assert signed_in().post(page("shop_delete", make_shop().pk), {"post": "yes"}).status_code == 403


def test_a_new_key_is_shown_in_the_answer_and_nowhere_else() -> None:
    shop, client = make_shop(), signed_in()
    values = {"shop": shop.pk, "name": "ERP", "scopes": ["read", "hold"], "requests_per_minute": "60"}
    answer = client.post(page("apikey_add"), values)
    found = re.search(r'bazico-key">(bzc_[\w-]+)<', text_of(answer))
    assert found
    key = ApiKey.objects.get(hash=hash_key(found[1]))
    assert (key.shop, key.name, key.scopes, key.requests_per_minute) == (shop, "ERP", ["hold", "read"], 60)
    assert "no-store" in answer["Cache-Control"]
    assert found[1] not in str(answer.cookies)
    assert found[1] not in str([session.get_decoded() for session in Session.objects.all()])
    for address in (page("apikey_changelist"), page("apikey_change", key.pk), page("apikey_history", key.pk)):
        assert found[1] not in text_of(client.get(address))


@pytest.mark.parametrize(
    "mistake",
    [{"shop": ""}, {"requests_per_minute": "0"}, {"name": "n" * 101}, {"scopes": []}, {"scopes": ["write"]}],
)
def test_a_key_with_a_mistaken_form_is_not_made(mistake: dict[str, object]) -> None:
    values = {"shop": str(make_shop().pk), "name": "", "scopes": ["all"], "requests_per_minute": "", **mistake}
    assert "errorlist" in text_of(signed_in().post(page("apikey_add"), values))
    assert not ApiKey.objects.exists()


def test_a_key_keeps_its_shop_and_its_hash_when_it_is_renamed() -> None:
    key, other = issue_key(make_shop()).key, make_shop()
    values = {"shop": other.pk, "hash": "0" * 64, "name": "renamed", "scopes": ["read"], "requests_per_minute": "5"}
    signed_in().post(page("apikey_change", key.pk), values)
    changed = ApiKey.objects.get()
    kept = (changed.shop_id, changed.hash, changed.scopes)
    assert kept == (key.shop_id, key.hash, ["all"])
    assert (changed.name, changed.requests_per_minute) == ("renamed", 5)


def test_keys_are_revoked_after_a_question_and_their_rows_stay() -> None:
    shop, client = make_shop(), signed_in()
    keys = [issue_key(shop, name=name).key for name in ("old", "older", "kept")]
    chosen = {"action": "revoke", "_selected_action": [str(key.pk) for key in keys[:2]]}
    assert "cannot be undone" in text_of(client.post(page("apikey_changelist"), chosen))
    assert not ApiKey.objects.exclude(revoked_at=None).exists()
    text = text_of(client.post(page("apikey_changelist"), {**chosen, "confirmed": "yes"}, follow=True))
    assert "2 API keys were revoked." in text
    assert list(ApiKey.objects.filter(revoked_at=None).values_list("name", flat=True)) == ["kept"]


def test_a_key_is_replaced_after_a_question_and_the_new_one_is_shown_once() -> None:
    client, old = signed_in(), issue_key(make_shop(), name="ERP", scopes=["read"]).key
    chosen = {"action": "rotate", "_selected_action": [str(old.pk)]}
    assert "still works for 24 h" in text_of(client.post(page("apikey_changelist"), chosen))
    assert ApiKey.objects.count() == 1
    answer = client.post(page("apikey_changelist"), {**chosen, "confirmed": "yes"})
    found = re.search(r'bazico-key">(bzc_[\w-]+)<', text_of(answer))
    assert found
    new = ApiKey.objects.get(hash=hash_key(found[1]))
    assert (new.shop_id, new.name, new.scopes) == (old.shop_id, "ERP", ["read"])
    assert ApiKey.objects.get(pk=old.pk).ends_at is not None


def test_staff_without_rights_neither_make_nor_revoke_keys() -> None:
    key = issue_key(make_shop()).key
    client = signed_in("view_apikey")
    assert client.post(page("apikey_add"), {"shop": key.shop_id}).status_code == 403
    chosen = {"action": "revoke", "_selected_action": [str(key.pk)], "confirmed": "yes"}
    client.post(page("apikey_changelist"), chosen)
    client.post(page("apikey_changelist"), {**chosen, "action": "rotate"})
    assert ApiKey.objects.get().revoked_at is None
