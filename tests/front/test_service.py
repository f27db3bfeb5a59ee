"""The real nginx before the real service: what the one lets through, the other answers."""

import json
from pathlib import Path

import pytest

from tests.api.client import Merchant
from tests.api.server import web_server
from tests.factories import numbers, stock_of
from tests.front.nginx import front
from tests.merchant.merchant import Merchant as WithApp
from tests.shopify.signing import body_signature

pytestmark = pytest.mark.django_db(transaction=True)
MIB = 1_048_576


def test_a_sale_and_a_large_webhook_pass_the_front_and_its_admin_does_not(tmp_path: Path) -> None:
    merchant, shop = Merchant(), WithApp().shop
    stock_of(merchant.shop, 5)
    key = f"Authorization: Api-Key {merchant.key}\nContent-Type: application/json"
    webhook = json.dumps({"id": 1, "note": "x" * 6 * MIB}).encode()
    signed = f"X-Shopify-Topic: orders/paid\nX-Shopify-Shop-Domain: {shop.domain}\nX-Shopify-Webhook-Id: a-large-one"
    hmac = f"X-Shopify-Hmac-Sha256: {body_signature(webhook)}"
    with web_server(WEB_PROCESSES="1") as web, front(tmp_path, web.port) as running:
        assert running.ask(f"POST /stock/SKU-1/reserve HTTP/1.1\n{key}", b'{"quantity": 2}').status == 200
        assert running.ask(f"POST /shopify/webhooks HTTP/1.1\n{signed}\n{hmac}", webhook).status == 200
        assert running.ask(f"POST /shopify/webhooks HTTP/1.1\n{signed}", webhook).status == 401
        assert running.ask("GET /admin/login/ HTTP/1.1").status == 404
        assert running.ask("GET /healthz HTTP/1.1").status == 200
    assert numbers(merchant.shop) == (5, 2, 0)
    assert merchant.key not in running.written()
