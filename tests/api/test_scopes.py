"""What an API key may do: a call without its scope is refused by name, before anything is read or counted."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from reservations.api import urls
from reservations.api.authentication import CallerCache
from reservations.api.errors import InvalidApiKey
from reservations.api.key_use import KeyUse
from reservations.api.pipeline import ApiView
from reservations.api_keys import issue_key, rotate_key
from reservations.models import ApiKey, Scope, hash_key
from tests.api.client import Merchant, body_of, outcome
from tests.factories import database_now, hold, make_shop, numbers, stock_of

pytestmark = pytest.mark.django_db

# The calls of the API, and the scope of each.
CALLS = {
    "GET /stock/SKU-1": "read",
    "GET /stock/confirm": "read",
    "GET /stock/SKU-1/reserve": "read",
    "GET /reservations/{held}": "read",
    "POST /cart/validate": "read",
    "POST /stock/SKU-1/reserve": "hold",
    "POST /stock/reserve": "hold",
    "POST /stock/release": "hold",
    "POST /stock/extend": "hold",
    "POST /stock/confirm": "confirm",
}


def with_scopes(*scopes: str) -> Merchant:
    shop = make_shop()
    stock_of(shop, 5)
    return Merchant(shop, issue_key(shop, scopes=scopes).raw)


def asked(merchant: Merchant, call: str) -> tuple[int, str | None]:
    method, _, path = call.format(held=uuid4()).partition(" ")
    return outcome(merchant.get(path) if method == "GET" else merchant.post(path, {"nonsense": 1}))


@pytest.mark.parametrize("scope", ["read", "hold", "confirm"])
def test_a_key_does_what_its_scope_says_and_nothing_else(scope: str) -> None:
    merchant = with_scopes(scope)
    refused = {call for call in CALLS if asked(merchant, call)[0] == 403}
    assert refused == {call for call, needed in CALLS.items() if needed != scope}
    assert {asked(merchant, call) for call in refused} == {(403, "insufficient_scope")}


def test_a_refusal_names_the_scope_that_is_missing() -> None:
    merchant = with_scopes("read", "hold")
    held = hold(merchant.shop)
    answer = merchant.post("/stock/confirm", {"reservation_id": str(held.reservation_id)}, key="k")
    assert (answer.status_code, body_of(answer)["scope"]) == (403, "confirm")
    assert body_of(answer)["detail"] == "Esta chave de API não tem o escopo 'confirm'."
    assert 'scope="confirm"' in answer["WWW-Authenticate"]
    assert numbers(merchant.shop) == (5, 1, 0)


@pytest.mark.parametrize("scopes", [("all",), ("read", "all")])
def test_a_key_for_all_may_do_all(scopes: tuple[str, ...]) -> None:
    merchant = with_scopes(*scopes)
    assert 403 not in {asked(merchant, call)[0] for call in CALLS}


def test_a_key_that_was_made_without_a_word_about_scopes_may_do_all() -> None:
    key, _ = ApiKey.issue(make_shop())
    assert ApiKey.objects.get(pk=key.pk).scopes == ["all"]


def test_every_address_of_a_shop_says_which_scope_it_needs() -> None:
    views = {pattern.callback.view_class for pattern in urls.addresses()}  # type: ignore[attr-defined]
    of_a_shop = [view for view in views if issubclass(view, ApiView)]
    meanings = [meaning for view in of_a_shop for meaning in view.meanings.values()]
    assert len(meanings) == 12
    assert [type(meaning).__name__ for meaning in meanings if meaning.scope == Scope.ALL] == []
    # One that answers by itself only reads.
    assert not [view for view in of_a_shop if hasattr(view, "post") and "POST" not in view.meanings]


@pytest.mark.parametrize("scopes", [[], ["write"], ["read", "write"]])
def test_the_database_knows_no_other_scopes(scopes: list[str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.create(shop=make_shop(), prefix="p", hash=uuid4().hex, scopes=scopes)


def test_a_key_that_was_replaced_works_beside_the_new_one_until_it_ends() -> None:
    shop = make_shop()
    old = issue_key(shop, name="ERP", scopes=["read"], requests_per_minute=7)
    new = rotate_key(old.key, timedelta(hours=2))
    assert (new.key.name, new.key.scopes, new.key.requests_per_minute) == ("ERP", ["read"], 7)
    cache = CallerCache()
    assert {cache.find(hash_key(one.raw)).shop for one in (old, new)} == {shop}
    assert old.key.ends_at is not None
    assert timedelta(minutes=119) < old.key.ends_at - database_now() <= timedelta(hours=2)
    ApiKey.objects.filter(pk=old.key.pk).update(ends_at=Now())
    with pytest.raises(InvalidApiKey):
        CallerCache().find(hash_key(old.raw))
    assert CallerCache().find(hash_key(new.raw)).shop == shop


def test_a_key_that_ends_is_given_no_more_time_by_another_replacement() -> None:
    old = issue_key(make_shop()).key
    rotate_key(old, timedelta(hours=1))
    first = old.ends_at
    rotate_key(old, timedelta(days=1))
    assert old.ends_at == first


def test_the_last_use_of_a_key_is_written_once_a_minute_at_most() -> None:
    used, other = issue_key(make_shop()), issue_key(make_shop())
    uses = KeyUse()
    uses.wake = lambda: None  # type: ignore[method-assign]  # this test writes by itself

    def use() -> object:
        uses.note(used.key.pk)
        uses.flush()
        return ApiKey.objects.get(pk=used.key.pk).last_used_at

    first = use()
    assert first is not None
    assert use() == first
    ApiKey.objects.filter(pk=used.key.pk).update(last_used_at=Now() - timedelta(seconds=61))
    assert use() > first  # type: ignore[operator]
    assert ApiKey.objects.get(pk=other.key.pk).last_used_at is None


def test_a_call_notes_that_its_key_was_used(monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[int] = []
    monkeypatch.setattr("reservations.api.authentication.key_use.note", noted.append)
    key, raw = ApiKey.issue(make_shop())
    cache = CallerCache()
    for _ in range(3):
        cache.find(hash_key(raw))
    assert noted == [key.pk]
