"""The service's doors: what each takes for a proof of who calls, and how a forger knocks with another."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlencode

import orjson
from django.test import Client

from bling_sync.webhooks.signature import sign
from reservations.models import ApiKey, Shop
from tests.attacks.forgery import Forgery
from tests.shopify.customer_account.page import customer_token
from tests.shopify.signing import body_signature, proxied, session_token


@dataclass(frozen=True)
class Knock:
    """One request of a forger's."""

    method: str
    address: str
    headers: dict[str, str]
    body: bytes = b""

    def status(self) -> int:
        """What the service answers."""
        client: Any = Client(raise_request_exception=False)
        return int(
            client.generic(
                self.method, self.address, self.body, content_type="application/json", headers=self.headers
            ).status_code
        )


# Given the shop, a forgery and chance: the request that carries it.
Door = Callable[[Shop, Forgery, Random], Knock]


def shopify_webhook(shop: Shop, forge: Forgery, chance: Random) -> Knock:
    """`POST /shopify/webhooks`: a signature over the body."""
    body = orjson.dumps({"id": chance.randrange(10**12), "myshopify_domain": shop.domain})
    headers = {"X-Shopify-Topic": "orders/paid", "X-Shopify-Shop-Domain": shop.domain}
    signature = _sendable(forge(body, body_signature(body), chance))
    return Knock("POST", "/shopify/webhooks", headers | {"X-Shopify-Hmac-Sha256": signature}, body)


def bling_webhook(shop: Shop, forge: Forgery, chance: Random) -> Knock:
    """`POST /bling/webhooks`: a signature over the body."""
    body = orjson.dumps({"eventId": str(chance.randrange(10**12)), "event": "stock.updated"})
    return Knock("POST", "/bling/webhooks", {"X-Bling-Signature-256": _sendable(forge(body, sign(body), chance))}, body)


def app_proxy(shop: Shop, forge: Forgery, chance: Random) -> Knock:
    """`/proxy/`: a signature over the query."""
    query = {name: values[0] for name, values in parse_qs(proxied({"shop": shop.domain})).items()}
    genuine = query.pop("signature")
    message = "".join(sorted(f"{name}={value}" for name, value in query.items())).encode()
    return Knock("GET", f"/proxy/stock/SKU-1?{urlencode(query | {'signature': forge(message, genuine, chance)})}", {})


def session(shop: Shop, forge: Forgery, chance: Random) -> Knock:
    """The API by a session token: a signature over its two other parts."""
    token = _forged_token(session_token(shop.domain), forge, chance)
    return Knock("GET", "/stock/SKU-1", {"Authorization": f"Bearer {token}"})


def customer(shop: Shop, forge: Forgery, chance: Random) -> Knock:
    """`/customer/order`, by a customer's token."""
    token = _forged_token(customer_token(shop.domain), forge, chance)
    return Knock("POST", "/customer/order", {"Authorization": f"Bearer {token}"}, b"{}")


def api_key(shop: Shop, forge: Forgery, chance: Random) -> Knock:
    """The API by a key, which nobody signs: the forger changes one that they saw."""
    key = _overheard_key(shop)
    made = _sendable(forge(b"", key, chance))
    # A key that came through unchanged would be no forgery.
    return Knock("GET", "/stock/SKU-1", {"Authorization": f"Api-Key {made if made.strip() != key else made + 'x'}"})


DOORS: dict[str, Door] = {
    "Shopify's webhooks": shopify_webhook,
    "Bling's webhooks": bling_webhook,
    "the app proxy": app_proxy,
    "session tokens": session,
    "customers' tokens": customer,
    "API keys": api_key,
}
_keys: dict[int, str] = {}


def _overheard_key(shop: Shop) -> str:
    if shop.pk not in _keys:
        _keys[shop.pk] = ApiKey.issue(shop)[1]
    return _keys[shop.pk]


def _forged_token(genuine: str, forge: Forgery, chance: Random) -> str:
    signed, _, signature = genuine.rpartition(".")
    forged = forge(signed.encode(), signature, chance)
    # Base64 of JWTs: no padding, and two other letters.
    made = forged.replace("+", "-").replace("/", "_").rstrip("=")
    if made == signature != forged:
        # Without its padding it is the genuine one again, which is no forgery.
        made = made[::-1]
    return _sendable(f"{signed}.{made}")


def _sendable(header: str) -> str:
    """As a server hands a header on: bytes as Latin-1."""
    return header.encode("utf-8", "replace").decode("latin-1")
