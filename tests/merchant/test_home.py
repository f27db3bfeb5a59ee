"""The page inside Shopify's admin: installed by its first visit, framed by its own shop, without a cookie."""

import hashlib
import hmac
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from reservations.models import Shop
from sandbox.shopify import RunningStandIn, serve
from tests.shopify.signing import session_token
from tests.shopify.stores import installation, issued

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]

DOMAIN = "ana-store.myshopify.com"
ADMIN = "https://admin.shopify.com"


@pytest.fixture(autouse=True)
def not_in_a_sandbox(settings: Settings) -> None:
    settings.SANDBOX = False


@pytest.fixture
def shopify(settings: Settings) -> Iterator[RunningStandIn]:
    settings.SANDBOX = True  # without it a stand-in does not start
    with serve(settings.SHOPIFY_API_KEY, settings.SHOPIFY_API_SECRET) as serving:
        settings.SANDBOX = False
        settings.SHOPIFY_ADMIN_URL = serving.admin_url
        serving.control.post("stores", shop=DOMAIN)
        yield serving


def get(path: str, **parameters: str) -> HttpResponse:
    return Client().get(path, parameters)  # type: ignore[return-value]


def ancestors(response: HttpResponse) -> str:
    """Who may frame the page."""
    policy = response["Content-Security-Policy"]
    return next(part.strip() for part in policy.split(";") if part.strip().startswith("frame-ancestors"))


def test_the_first_visit_installs_the_app(shopify: RunningStandIn) -> None:
    response = get("/app/", id_token=session_token(DOMAIN), shop=DOMAIN, embedded="1")
    assert response.status_code == 200
    shop = Shop.objects.get(domain=DOMAIN)
    assert installation(shop).state == "installed"
    assert issued(shopify, shop) == ["exchange"]
    assert DOMAIN in response.content.decode()


def test_a_page_is_framed_by_its_own_shop_and_nobody_else(shopify: RunningStandIn) -> None:
    response = get("/app/", id_token=session_token(DOMAIN), shop="other.myshopify.com")
    assert ancestors(response) == f"frame-ancestors https://{DOMAIN} {ADMIN}"
    assert "X-Frame-Options" not in response
    assert "app-bridge.js" in response["Link"]


def test_in_a_sandbox_its_own_page_plays_shopifys_admin(shopify: RunningStandIn, settings: Settings) -> None:
    settings.SANDBOX = True
    response = get("/app/", id_token=session_token(DOMAIN), shop=DOMAIN)
    assert ancestors(response) == f"frame-ancestors 'self' https://{DOMAIN} {ADMIN}"


def test_no_page_sets_a_cookie_or_may_be_cached(shopify: RunningStandIn) -> None:
    for response in (
        get("/app/", id_token=session_token(DOMAIN)),
        get("/app/", shop=DOMAIN),
        get("/app/session-token"),
    ):
        assert not response.cookies
        assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("token", ["", "forged", "expired", "of another app"])
def test_a_visit_without_a_good_token_is_sent_to_get_one(token: str) -> None:
    now = int(time.time())
    sent = {
        "expired": session_token(DOMAIN, exp=now - 60, nbf=now - 120),
        "of another app": session_token(DOMAIN, aud="another-app"),
    }.get(token, token)
    response = get("/app/", id_token=sent, shop=DOMAIN, host="aG9zdA", embedded="1")
    assert response.status_code == 302
    address = urlsplit(response["Location"])
    query = parse_qs(address.query)
    assert (address.netloc, address.path) == ("", "/app/session-token")
    assert query["shop"] == [DOMAIN]
    assert "id_token" not in query
    assert query["shopify-reload"] == [f"/app/?shop={DOMAIN}&host=aG9zdA&embedded=1"]
    assert not Shop.objects.exists()


def test_the_bounce_page_is_nothing_but_app_bridge() -> None:
    response = get("/app/session-token", shop=DOMAIN)
    page = response.content.decode()
    assert page.count("<script") == 1
    assert f'data-api-key="{django_settings.SHOPIFY_API_KEY}"' in page
    assert ancestors(response) == f"frame-ancestors https://{DOMAIN} {ADMIN}"


@pytest.mark.parametrize("shop", ["evil.com", "a.myshopify.com.evil.com", "a.myshopify.com; script-src *", "", "*"])
def test_a_made_up_shop_never_gets_into_the_policy(shop: str) -> None:
    for path in ("/app/", "/app/session-token"):
        assert ancestors(get(path, shop=shop)) == f"frame-ancestors {ADMIN}"


def test_a_script_with_a_stale_token_is_told_to_fetch_another() -> None:
    response = Client().get("/app/", headers={"Authorization": "Bearer stale"})
    assert response.status_code == 401
    assert response["X-Shopify-Retry-Invalid-Session-Request"] == "1"


def test_an_order_without_a_token_is_refused_and_sent_nowhere() -> None:
    response = Client().post("/app/guide", headers={"Cookie": "sessionid=of-django-admin"})
    assert response.status_code == 401
    assert "Location" not in response


def test_a_script_with_a_good_token_gets_the_page(shopify: RunningStandIn) -> None:
    response = Client().get("/app/", headers={"Authorization": f"Bearer {session_token(DOMAIN)}"})
    assert response.status_code == 200


def test_a_token_that_shopify_does_not_exchange_is_asked_for_again(shopify: RunningStandIn) -> None:
    shopify.control.post("clock", seconds=600)
    assert get("/app/", id_token=session_token(DOMAIN), shop=DOMAIN).status_code == 302


def test_shopify_being_away_is_said_and_nothing_is_lost(shopify: RunningStandIn) -> None:
    shopify.control.post("faults", kind="bad_gateway", on="POST", times=3)
    response = get("/app/", id_token=session_token(DOMAIN))
    assert response.status_code == 503
    assert ancestors(response) == f"frame-ancestors https://{DOMAIN} {ADMIN}"
    assert get("/app/", id_token=session_token(DOMAIN)).status_code == 200


def test_a_link_that_shopify_signed_outside_its_frame_leads_into_the_admin() -> None:
    parameters = {"host": "aG9zdA", "shop": DOMAIN, "timestamp": str(int(time.time()))}
    message = "&".join(f"{key}={value}" for key, value in sorted(parameters.items())).encode()
    made = hmac.new(django_settings.SHOPIFY_API_SECRET.encode(), message, hashlib.sha256).hexdigest()
    response = Client().get(f"/app/?{urlencode(parameters | {'hmac': made})}")
    assert response["Location"] == f"{ADMIN}/store/ana-store/apps/{django_settings.SHOPIFY_API_KEY}"
    forged = Client().get(f"/app/?{urlencode(parameters | {'hmac': made[::-1]})}")
    assert forged["Location"].startswith("/app/session-token")
