"""An extension on a customer's page about an order, as it calls the service."""

import time
from typing import Any

import orjson
from django.http import HttpResponse
from django.test import Client

from reservations.models import Shop
from tests.api.client import body_of
from tests.shopify.signing import session_token
from tests.shopify.webhooks.payloads import CONFIRMATION, ORDER

URL = "/customer/order"


def customer_token(domain: str, secret: str | None = None, /, **others: object) -> str:
    """A token as Shopify makes it for customers: no issuer, and a person only where one has signed in."""
    claims: dict[str, object] = {"iss": None, "sid": None, "sub": None, "dest": domain, "exp": int(time.time()) + 300}
    return session_token(domain, secret, **(claims | others))


def ask(token: str, *, order: object = f"gid://shopify/Order/{ORDER}", number: object = CONFIRMATION) -> HttpResponse:
    """What the page asks of an order."""
    return post({"order_id": order, "confirmation_number": number}, {"Authorization": f"Bearer {token}"})


def post(body: object, headers: dict[str, str]) -> HttpResponse:
    """A POST of the page's, from Shopify's origin."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    sent: Any = orjson.dumps(body)
    known = {"Origin": "https://extensions.shopifycdn.com", **headers}
    return client.post(URL, sent, content_type="application/json", headers=known)  # type: ignore[return-value]


def told(shop: Shop, **others: object) -> dict[str, Any]:
    """What the page of the shop's order reads."""
    read = body_of(ask(customer_token(shop.domain), **others))
    assert "standing" in read, read
    return read
