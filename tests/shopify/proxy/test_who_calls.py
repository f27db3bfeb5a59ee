"""Who calls through the app proxy: the signature names the shop, and nothing else does."""

import hashlib
import hmac
import time
from urllib.parse import parse_qsl, urlencode

import pytest
from django.conf import settings as django_settings
from django.db.models.functions import Now
from pytest_django import Settings

from reservations.models import InstallationState, Shop, ShopifyInstallation
from tests.api.client import Merchant, body_of, outcome
from tests.factories import make_shop, stock_of
from tests.shopify.proxy.shopper import Shopper
from tests.shopify.signing import proxied

pytestmark = pytest.mark.django_db

REFUSED = (401, "invalid_proxy_signature")


def _shop() -> Shop:
    shop = make_shop()
    stock_of(shop, 5)
    return shop


def _asked(shop: Shop, query: str) -> tuple[int, str | None]:
    return outcome(Shopper(shop).ask("GET", "/stock/SKU-1", query=query))


def test_a_signed_call_is_answered_for_the_shop_that_it_names() -> None:
    shop = _shop()
    response = Shopper(shop).get("/stock/SKU-1")
    assert (response.status_code, body_of(response)["quantity"]) == (200, 5)


def test_a_call_signed_with_the_previous_secret_passes_while_it_is_rotated(settings: Settings) -> None:
    shop, old = _shop(), "the-secret-of-last-month"
    query = proxied({"shop": shop.domain}, old)
    assert _asked(shop, query) == REFUSED
    settings.SHOPIFY_API_SECRET_PREVIOUS = old
    assert _asked(shop, query)[0] == 200


def test_an_unsigned_call_is_refused_with_a_challenge() -> None:
    response = Shopper(_shop()).ask("GET", "/stock/SKU-1", query="")
    assert outcome(response) == REFUSED
    assert response["WWW-Authenticate"].startswith("Shopify-App-Proxy")


@pytest.mark.parametrize("seconds", [-91, 92, -86_400])
def test_a_call_that_is_too_old_or_from_the_future_is_refused(seconds: int) -> None:
    shop = _shop()
    assert _asked(shop, proxied({"shop": shop.domain}, at=time.time() + seconds)) == REFUSED


@pytest.mark.parametrize("seconds", [-85, 85])
def test_a_call_within_ninety_seconds_is_fresh(seconds: int) -> None:
    shop = _shop()
    assert _asked(shop, proxied({"shop": shop.domain}, at=time.time() + seconds))[0] == 200


@pytest.mark.parametrize("timestamp", ["", "x", "-1", "1e9", "٣٣٣٣٣٣٣٣٣٣", "9" * 5_000])
def test_a_timestamp_that_is_no_number_is_refused(timestamp: str) -> None:
    shop = _shop()
    assert _asked(shop, proxied({"shop": shop.domain, "timestamp": timestamp})) == REFUSED


@pytest.mark.parametrize("name", ["shop", "timestamp", "signature"])
def test_a_repeated_parameter_is_refused(name: str) -> None:
    shop = _shop()
    query = proxied({"shop": shop.domain})
    value = dict(pair.split("=") for pair in query.split("&"))[name]
    assert _asked(shop, f"{query}&{name}={value}") == REFUSED


@pytest.mark.parametrize("name", ["path_prefix", "logged_in_customer_id"])
def test_a_parameter_of_shopifys_that_is_signed_twice_is_refused(name: str) -> None:
    shop = _shop()
    known = [("shop", shop.domain), ("timestamp", str(int(time.time()))), (name, "1"), (name, "2")]
    values = {"shop": shop.domain, "timestamp": known[1][1], name: "1,2"}
    message = "".join(sorted(f"{key}={value}" for key, value in values.items()))
    made = hmac.new(django_settings.SHOPIFY_API_SECRET.encode(), message.encode(), hashlib.sha256)
    assert _asked(shop, urlencode([*known, ("signature", made.hexdigest())])) == REFUSED


def test_a_parameter_that_was_added_or_changed_on_the_way_is_refused() -> None:
    shop, other = _shop(), _shop()
    query = proxied({"shop": shop.domain})
    assert _asked(shop, f"{query}&extra=1") == REFUSED
    assert _asked(shop, query.replace(shop.domain, other.domain)) == REFUSED


@pytest.mark.parametrize("domain", ["evil.example.com", "a.myshopify.com.evil.example", "a.myshopify.com\n", ""])
def test_a_signed_name_that_is_no_shops_domain_is_refused(domain: str) -> None:
    assert _asked(_shop(), proxied({"shop": domain})) == REFUSED


def test_a_shop_that_is_not_known_is_refused() -> None:
    assert _asked(_shop(), proxied({"shop": "stranger.myshopify.com"})) == (401, "app_not_installed")


def test_a_shop_that_the_app_has_left_is_refused() -> None:
    shop = _shop()
    ShopifyInstallation.objects.create(shop=shop, installed_at=Now(), state=InstallationState.UNINSTALLED)
    assert _asked(shop, proxied({"shop": shop.domain})) == (401, "app_not_installed")


def test_a_servers_key_opens_nothing_behind_the_proxy_nor_a_signature_before_it() -> None:
    merchant = Merchant(_shop())
    assert outcome(merchant.get("/proxy/stock/SKU-1")) == REFUSED
    query = proxied({"shop": merchant.shop.domain})
    merchant.key = "wrong"
    assert outcome(merchant.get(f"/stock/SKU-1?{query}")) == (401, "invalid_api_key")


@pytest.mark.parametrize("name", ["locale", "a", "shop2", "extra", "SHOP"])
def test_a_parameter_that_a_shopper_added_is_refused_though_shopify_signed_it(name: str) -> None:
    shop = _shop()
    assert _asked(shop, proxied({"shop": shop.domain, name: "1"})) == REFUSED


def test_a_query_signed_for_one_shop_is_no_call_for_another() -> None:
    ours, theirs = _shop(), _shop()
    now = str(int(time.time()))
    forged = f"1logged_in_customer_id=path_prefix=/xshop={theirs.domain}timestamp={now}z="
    signed = dict(parse_qsl(proxied({"shop": ours.domain, "logged_in_customer_id": "", "a": forged})))
    rest = f"logged_in_customer_id=path_prefix=/apps/bazico-stockshop={ours.domain}timestamp={signed['timestamp']}"
    cut = {"a": "1", "logged_in_customer_id": "", "path_prefix": "/x", "shop": theirs.domain, "timestamp": now}
    assert _asked(theirs, urlencode(cut | {"z": rest, "signature": signed["signature"]})) == REFUSED


def test_a_signed_query_is_repeated_in_no_answer(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    shop = _shop()
    for path in ("/stock/SKU-1", "/stock/SKU-1/", "/nowhere"):
        query = proxied({"shop": shop.domain})
        answer = Shopper(shop).ask("GET", path, query=query)
        assert answer.status_code in (401, 404)
        assert "Location" not in answer.headers
        assert query.rpartition("=")[2] not in answer.content.decode()
