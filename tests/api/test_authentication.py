"""Authorization: Api-Key <key>."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from reservations.api import authentication
from reservations.api.authentication import CACHE_SIZE, Caller, CallerCache, KnownCaller
from reservations.api.errors import InvalidApiKey
from reservations.models import ApiKey, hash_key
from tests.api.client import Merchant, body_of, outcome
from tests.factories import make_shop, stock_of

pytestmark = pytest.mark.django_db


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_call_without_a_key_is_refused_with_the_challenge(method: str) -> None:
    path = "/stock/SKU-1" if method == "GET" else "/stock/SKU-1/reserve"
    response = Client().generic(method, path)
    assert outcome(response) == (401, "missing_api_key")  # type: ignore[arg-type]
    assert response["WWW-Authenticate"] == 'Api-Key realm="stock"'


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "missing_api_key"),
        ("Bearer {key}", "invalid_session_token"),
        ("Basic {key}", "missing_api_key"),
        ("{key}", "missing_api_key"),
        ("Api-Key", "invalid_api_key"),
        ("Api-Key ", "invalid_api_key"),
        ("Api-Key wrong", "invalid_api_key"),
        ("Api-Key {key}x", "invalid_api_key"),
        ("Api-Key x{key}", "invalid_api_key"),
        ("Api-Key {key},Api-Key {key}", "invalid_api_key"),
        ("Api-Key {key} {key}", "invalid_api_key"),
        ("Api-Key \x00", "invalid_api_key"),
        ("Api-Key \xff\xfe", "invalid_api_key"),
        ("Api-Key chave-ção-商品-🧸", "invalid_api_key"),
        ("Api-Key \udc80", "invalid_api_key"),
        ("Api-Key " + "x" * 100_000, "invalid_api_key"),
    ],
    ids=lambda text: ascii(text)[:30],
)
def test_a_wrong_credential_is_refused_and_never_an_error_of_ours(header: str, code: str) -> None:
    merchant = Merchant()
    sent = header.format(key=merchant.key)
    response = Client(raise_request_exception=False).get("/stock/SKU-1", HTTP_AUTHORIZATION=sent)
    assert outcome(response) == (401, code)  # type: ignore[arg-type]


@pytest.mark.parametrize("scheme", ["Api-Key", "api-key", "API-KEY"])
def test_the_schemes_name_is_read_in_any_case(scheme: str) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    response = merchant.get("/stock/SKU-1", Authorization=f"{scheme} {merchant.key}")
    assert outcome(response)[0] == 200


def test_a_key_that_a_merchant_chose_itself_opens_its_shop() -> None:
    shop = make_shop()
    ApiKey.issue(shop, key="my-own-key-of-the-warehouse")
    stock_of(shop, 4)
    assert body_of(Merchant(shop, "my-own-key-of-the-warehouse").get("/stock/SKU-1"))["quantity"] == 4


def test_a_key_opens_its_own_shop_and_no_other() -> None:
    ours, theirs = Merchant(), Merchant()
    stock_of(ours.shop, 1)
    stock_of(theirs.shop, 2)
    assert body_of(ours.get("/stock/SKU-1"))["quantity"] == 1
    assert body_of(theirs.get("/stock/SKU-1"))["quantity"] == 2


def test_a_revoked_key_is_known_for_one_second_at_most() -> None:
    clock = Clock()
    cache = CallerCache(clock)
    key, raw = ApiKey.issue(make_shop())
    assert cache.find(hash_key(raw)).shop == key.shop
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=timezone.now())
    clock.now = 0.799
    assert cache.find(hash_key(raw)).shop == key.shop
    clock.now = 0.8
    with pytest.raises(InvalidApiKey):
        cache.find(hash_key(raw))


def test_while_one_request_asks_for_a_key_the_others_go_by_the_old_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    cache = CallerCache(clock)
    key, raw = ApiKey.issue(make_shop())
    first = cache.find(hash_key(raw))
    looked_up = []

    def slowly(key_hash: str) -> Caller:
        looked_up.append(key_hash)
        clock.now = 0.999
        assert cache.find(hash_key(raw)) is first
        clock.now = 1.0
        return first

    monkeypatch.setattr(authentication, "_look_up", slowly)
    clock.now = 0.8
    assert cache.find(hash_key(raw)).shop == key.shop
    assert len(looked_up) == 1


def test_a_key_that_was_just_made_is_known_at_once() -> None:
    cache = CallerCache(Clock())
    with pytest.raises(InvalidApiKey):
        cache.find(hash_key("soon-to-be-a-key"))
    key, raw = ApiKey.issue(make_shop(), key="soon-to-be-a-key")
    assert cache.find(hash_key(raw)).shop == key.shop


def test_known_keys_cost_no_query_within_their_second(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    cache = CallerCache(Clock())
    raw = ApiKey.issue(make_shop())[1]
    with django_assert_num_queries(1):
        for _ in range(100):
            cache.find(hash_key(raw))


def test_the_cache_of_keys_never_outgrows_its_bound() -> None:
    cache = CallerCache(Clock())
    key, raw = ApiKey.issue(make_shop())
    known = cache.find(hash_key(raw))
    cache._known = {str(number): KnownCaller(9.9, known) for number in range(CACHE_SIZE)}
    other = ApiKey.issue(make_shop())[1]
    cache.find(hash_key(other))
    assert len(cache._known) <= CACHE_SIZE
    assert cache.find(hash_key(raw)).shop == key.shop
