"""A customer's page proves its shop by a token and its order by the confirmation number, or reads nothing."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client

from reservations.models import InstallationState, Shop, ShopifyInstallation
from reservations.shopify.customer_account import customer_order
from tests.api.client import outcome
from tests.factories import database_now, make_shop, stock_of
from tests.shopify.signing import session_token
from tests.shopify.webhooks.deliveries import deliver
from tests.shopify.webhooks.payloads import CONFIRMATION, ORDER, order_payload

from .page import URL, ask, customer_token, post, told

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]
REFUSED = (401, "invalid_session_token")


def shop_with_order(**others: object) -> Shop:
    """A shop whose order awaits its Pix."""
    shop = make_shop()
    stock_of(shop, 3)
    placed = (database_now() - timedelta(minutes=1)).isoformat()
    unpaid = order_payload(payment="pending") | {"created_at": placed, "payment_gateway_names": ["Pix"], **others}
    deliver(shop, "orders/create", unpaid)
    return shop


@pytest.mark.parametrize("dest", ["", "https://"], ids=["bare", "with its scheme"])
@pytest.mark.parametrize("sub", [None, "", "gid://shopify/Customer/7"], ids=["absent", "empty", "signed in"])
def test_a_customers_token_reads_of_its_order(dest: str, sub: str | None) -> None:
    shop = shop_with_order()
    token = customer_token(shop.domain, dest=f"{dest}{shop.domain}", sub=sub)
    assert outcome(ask(token))[0] == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1_000_000_000},
        {"exp": None},
        {"nbf": 4_000_000_000},
        {"aud": "another-app"},
        {"aud": None},
        {"dest": None},
        {"dest": "evil.com"},
        {"dest": "http://shop.myshopify.com"},
        {"dest": "https://shop.myshopify.com/account"},
        {"sub": "42"},
        {"sub": 42},
        {"sub": "gid://shopify/Company/7"},
    ],
    ids=str,
)
def test_a_token_that_is_over_of_another_app_or_not_a_customers_reads_nothing(claims: dict[str, object]) -> None:
    assert outcome(ask(customer_token(shop_with_order().domain, **claims))) == REFUSED


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "é", "x" * 10_000])
def test_what_is_no_token_reads_nothing(text: str) -> None:
    assert outcome(ask(text)) == REFUSED


def test_a_forged_token_and_one_of_the_admin_read_nothing() -> None:
    shop = shop_with_order()
    assert outcome(ask(customer_token(shop.domain, "the-secret-of-another-app"))) == REFUSED
    assert outcome(ask(session_token(shop.domain))) == REFUSED
    assert outcome(post({"order_id": "x", "confirmation_number": "y"}, {})) == REFUSED


def test_a_customers_token_opens_nothing_else() -> None:
    shop = shop_with_order()
    for sub in (None, "gid://shopify/Customer/7"):
        token = customer_token(shop.domain, sub=sub, iss=f"https://{shop.domain}/account")
        response = Client().get("/stock/SKU-1", headers={"Authorization": f"Bearer {token}"})
        assert outcome(response) == REFUSED  # type: ignore[arg-type]


def test_another_shops_token_does_not_know_the_order() -> None:
    shop_with_order()
    assert told(shop_with_order(confirmation_number="OTHER1234"))["standing"] == "unknown"


def test_an_order_is_known_to_who_has_its_confirmation_number_in_either_case() -> None:
    shop = shop_with_order()
    assert told(shop, number=CONFIRMATION.lower())["standing"] == "held"
    for wrong in ("XPAV284CU", CONFIRMATION[:-1], f"{CONFIRMATION}1", "é", " "):
        assert told(shop, number=wrong) == {"standing": "unknown", "now": None, "until": None, "held": 0}
    assert told(shop, order=f"gid://shopify/Order/{ORDER + 1}")["standing"] == "unknown"
    assert told(shop, order=str(ORDER))["standing"] == "unknown"


def test_an_order_without_a_confirmation_number_is_nobodys_to_read() -> None:
    shop = shop_with_order(confirmation_number=None)
    assert outcome(ask(customer_token(shop.domain), number=""))[0] == 400
    assert told(shop, number="None")["standing"] == "unknown"


def test_an_order_from_before_becomes_readable_with_its_next_news() -> None:
    shop = shop_with_order(confirmation_number=None)
    placed = {"created_at": database_now().isoformat(), "payment_gateway_names": ["Pix"]}
    deliver(shop, "orders/updated", order_payload(payment="pending", second=9) | placed)
    assert told(shop)["standing"] == "held"


def test_a_shop_without_the_app_is_told_so() -> None:
    shop = shop_with_order()
    ShopifyInstallation.objects.create(shop=shop, installed_at=Now(), state=InstallationState.UNINSTALLED)
    assert outcome(ask(customer_token(shop.domain))) == (401, "app_not_installed")


def test_a_browser_may_send_the_token_from_any_origin_and_read_each_answer() -> None:
    shop = shop_with_order()
    asked = {"Origin": "null", "Access-Control-Request-Method": "POST"}
    allowed = Client().options(URL, headers={**asked, "Access-Control-Request-Headers": "authorization,content-type"})
    assert (allowed.status_code, allowed["Access-Control-Allow-Origin"]) == (204, "*")
    assert allowed["Access-Control-Allow-Methods"] == "POST"
    assert allowed["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    for response in (ask(customer_token(shop.domain)), ask("x"), post([], {"Authorization": "Bearer x"})):
        assert response["Access-Control-Allow-Origin"] == "*"
        # Whoever may read from any origin must never be known by a cookie.
        assert "Access-Control-Allow-Credentials" not in response
    assert "Access-Control-Allow-Origin" not in Client().get("/healthz")


def test_one_order_is_asked_about_so_often_and_another_is_not_disturbed() -> None:
    shop = shop_with_order()
    token = customer_token(shop.domain)
    tries = [outcome(ask(token, number=f"GUESS{n:04}"))[0] for n in range(customer_order.ASKED_PER_MINUTE + 1)]
    assert tries == [200] * customer_order.ASKED_PER_MINUTE + [429]
    assert outcome(ask(token, order="gid://shopify/Order/1"))[0] == 200
