"""Calls of a shop's own, with the credential that its address asks for."""

from typing import Any

from django.test import Client

from bling_sync.webhooks.signature import HEADER, sign
from reservations.models import Shop
from tests.shopify.customer_account.page import customer_token
from tests.shopify.signing import body_signature, proxied, session_token


def post(shop: Shop, address: str, body: bytes, kind: str, headers: dict[str, str]) -> Any:
    """POST these bytes as the shop, its shopper, its customer, Shopify or Bling would."""
    client: Any = Client(raise_request_exception=False)
    proof, query = _proof(shop, address, body)
    return client.generic("POST", f"{address}{query}", body, content_type=kind, headers=proof | headers)


def _proof(shop: Shop, address: str, body: bytes) -> tuple[dict[str, str], str]:
    if address.startswith("/proxy/"):
        return {}, f"?{proxied({'shop': shop.domain})}"
    if address.startswith("/customer/"):
        return {"Authorization": f"Bearer {customer_token(shop.domain)}"}, ""
    if address.startswith("/shopify/"):
        signed = {"X-Shopify-Hmac-Sha256": body_signature(body), "X-Shopify-Shop-Domain": shop.domain}
        return signed | {"X-Shopify-Topic": "orders/paid"}, ""
    if address.startswith("/bling/webhooks"):
        return {HEADER: sign(body)}, ""
    return {"Authorization": f"Bearer {session_token(shop.domain)}"}, ""
