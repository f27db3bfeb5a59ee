"""How often shoppers may call, by address and by cart, as their shop allows."""

from uuid import uuid4

import pytest
from django.test import override_settings
from pytest_django import Settings

from reservations.api import throttle
from tests.api.client import outcome
from tests.factories import make_shop, stock_of
from tests.shopify.proxy.shopper import Shopper

pytestmark = pytest.mark.django_db


def _shopper(**settings: object) -> Shopper:
    shop = make_shop(**settings)
    stock_of(shop, 1_000)
    return Shopper(shop)


def test_an_address_is_served_up_to_its_limit_and_told_when_to_come_back() -> None:
    ana = _shopper(requests_per_address=2)
    assert [outcome(ana.get("/stock/SKU-1"))[0] for _ in range(2)] == [200, 200]
    response = ana.get("/stock/SKU-1")
    assert outcome(response) == (429, "throttled")
    assert int(response["Retry-After"]) >= 1


def test_one_addresss_limit_is_nobody_elses() -> None:
    ana = _shopper(requests_per_address=1)
    beto = Shopper(ana.shop, "2001:db8::1")
    assert [outcome(one.get("/stock/SKU-1"))[0] for one in (ana, ana, beto)] == [200, 429, 200]
    elsewhere = _shopper(requests_per_address=1)
    assert outcome(elsewhere.get("/stock/SKU-1"))[0] == 200


def test_what_our_own_front_appends_to_the_header_does_not_change_who_calls(settings: Settings) -> None:
    ana = _shopper(requests_per_address=1)
    ana.get("/stock/SKU-1")
    settings.TRUSTED_PROXIES = 1
    behind = Shopper(ana.shop, f"{ana.address}, 10.0.0.1")
    assert outcome(behind.get("/stock/SKU-1"))[0] == 429


def test_shoppers_whose_address_nobody_can_read_share_no_budget_of_one_household(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 3  # one more than there are
    ana = _shopper(holds_per_address=1, requests_per_address=None)
    behind = Shopper(ana.shop, f"{ana.address}, 10.0.0.1, 10.0.0.2")
    assert [outcome(behind.reserve(uuid4()))[0] for _ in range(3)] == [200, 200, 200]
    ana.address = "203.0.113.7, 10.0.0.1, 10.0.0.2, 10.0.0.3"
    assert [outcome(ana.reserve(uuid4()))[0] for _ in range(2)] == [200, 409]


def test_a_cart_is_limited_from_whatever_address_it_comes() -> None:
    ana, cart = _shopper(requests_per_cart=2), uuid4()
    shoppers = [Shopper(ana.shop, f"203.0.113.{number}") for number in range(1, 4)]
    assert [outcome(shopper.reserve(cart))[0] for shopper in shoppers] == [200, 200, 429]
    assert outcome(ana.reserve(uuid4()))[0] == 200
    lines = [{"sku": "SKU-1", "quantity": 1}]
    assert outcome(ana.post("/cart/validate", {"cart_token": str(cart), "lines": lines}))[0] == 429


def test_a_shop_without_limits_lets_everybody_through() -> None:
    ana, cart = _shopper(requests_per_address=None, requests_per_cart=None), uuid4()
    assert {outcome(ana.reserve(cart))[0] for _ in range(30)} == {200}


def test_shoppers_are_let_through_while_redis_is_away() -> None:
    ana = _shopper(requests_per_address=1, requests_per_cart=1)
    throttle.sliding_window.cache_clear()
    with override_settings(REDIS_URL="unix:///nowhere/redis.sock"):
        assert {outcome(ana.reserve(uuid4()))[0] for _ in range(5)} == {200}


@pytest.mark.parametrize("forged", ["198.51.100.1", "unknown", "[::1]", "203.0.113.8:1"])
def test_an_address_that_a_shopper_writes_is_no_way_around_the_limit(forged: str) -> None:
    ana = _shopper(requests_per_address=1)
    assert outcome(ana.get("/stock/SKU-1"))[0] == 200
    assert outcome(Shopper(ana.shop, f"{forged}, {ana.address}").get("/stock/SKU-1"))[0] == 429


def test_shoppers_whose_address_nobody_can_read_share_one_limit() -> None:
    shop = _shopper(requests_per_address=2).shop
    spellings = ["", "unknown", "203.0.113.9:443"]
    assert [outcome(Shopper(shop, one).get("/stock/SKU-1"))[0] for one in spellings] == [200, 200, 429]


def test_a_household_shares_one_limit_however_many_addresses_it_takes() -> None:
    shop = _shopper(requests_per_address=1).shop
    homes = ["2001:db8:1:2::1", "2001:db8:1:2:9::5", "2001:db8:1:3::1"]
    assert [outcome(Shopper(shop, one).get("/stock/SKU-1"))[0] for one in homes] == [200, 429, 200]
