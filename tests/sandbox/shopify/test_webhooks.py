"""Shopify's webhooks: signed over the raw body, in both families of headers, with ids that stay."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from sandbox.stand_in import RemoteError
from sandbox.web import Request
from tests.sandbox.receiver import Receiver
from tests.sandbox.shopify.client import CLIENT, Client


def _signature(secret: str, body: bytes) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def _send(client: Client, hooks: Receiver, **order: Any) -> Request:
    before = len(hooks.requests)
    client.order("webhooks/send", topic="orders/create", payload={"id": 1}, **order)
    return hooks.wait_for(before + 1)[-1]


def test_a_classic_webhook_has_the_headers_that_shopify_documents(client: Client, hooks: Receiver) -> None:
    request = _send(client, hooks, webhook_id="w-1", event_id="e-1", triggered_at="2026-11-24T03:00:00Z")
    assert request.headers["x-shopify-hmac-sha256"] == _signature(CLIENT[1], request.body)
    expected = {
        "x-shopify-topic": "orders/create",
        "x-shopify-shop-domain": client.shop,
        "x-shopify-api-version": "2026-10",
        "x-shopify-webhook-id": "w-1",
        "x-shopify-event-id": "e-1",
        "x-shopify-triggered-at": "2026-11-24T03:00:00Z",
        "content-type": "application/json",
    }
    assert expected.items() <= request.headers.items()
    assert request.target == "/shopify/webhooks"


def test_the_newer_family_of_headers_has_no_x_and_names_handle_and_action(client: Client, hooks: Receiver) -> None:
    request = _send(client, hooks, family="events")
    assert request.headers["shopify-topic"] == "orders/create"
    assert request.headers["shopify-hmac-sha256"] == _signature(CLIENT[1], request.body)
    assert {"shopify-handle", "shopify-action", "shopify-webhook-id"} <= set(request.headers)
    assert not [name for name in request.headers if name.startswith("x-shopify")]


def test_after_a_rotation_webhooks_are_signed_with_the_oldest_secret(client: Client, hooks: Receiver) -> None:
    client.serving.control.post("app", webhook_secret="the-secret-from-before-rotation")
    request = _send(client, hooks)
    assert request.headers["x-shopify-hmac-sha256"] == _signature("the-secret-from-before-rotation", request.body)
    forged = _send(client, hooks, secret="nobody-knows")
    assert forged.headers["x-shopify-hmac-sha256"] == _signature("nobody-knows", forged.body)


def test_any_header_can_be_spoilt(client: Client, hooks: Receiver) -> None:
    request = _send(client, hooks, headers={"X-Shopify-Hmac-Sha256": "", "X-Shopify-Topic": "nonsense"})
    assert (request.headers["x-shopify-hmac-sha256"], request.headers["x-shopify-topic"]) == ("", "nonsense")


def test_a_payload_given_as_text_is_sent_as_it_stands(client: Client, hooks: Receiver) -> None:
    client.order("webhooks/send", topic="orders/create", payload='{"id":  1 ,"a":"\\u00e9"}')
    request = hooks.wait_for(1)[0]
    assert request.body == b'{"id":  1 ,"a":"\\u00e9"}'
    assert request.headers["x-shopify-hmac-sha256"] == _signature(CLIENT[1], request.body)


def test_a_retry_has_the_same_id_and_bytes_and_redirects_are_failures(client: Client, hooks: Receiver) -> None:
    client.order("rules", inventory_webhooks=False)
    client.serving.control.post("webhooks", retries=[0.01, 0.01])
    hooks.statuses = [301, 500]
    request = _send(client, hooks)
    hooks.wait_for(3)
    assert {r.headers["x-shopify-webhook-id"] for r in hooks.requests} == {request.headers["x-shopify-webhook-id"]}
    assert len({r.body for r in hooks.requests}) == 1


def test_a_duplicate_has_the_same_id_and_a_new_webhook_another(client: Client, hooks: Receiver) -> None:
    client.serving.control.post("webhooks", duplicated=1.0)
    _send(client, hooks)
    hooks.wait_for(2)
    client.serving.control.post("webhooks", duplicated=0.0)
    _send(client, hooks)
    ids = [r.headers["x-shopify-webhook-id"] for r in hooks.wait_for(3)]
    assert ids[0] == ids[1] != ids[2]


def test_webhooks_come_late_and_out_of_order_on_request(client: Client, hooks: Receiver) -> None:
    client.order("webhooks/send", topic="orders/create", payload={"id": 1}, delay=0.3)
    client.order("webhooks/send", topic="orders/paid", payload={"id": 1})
    assert [r.headers["x-shopify-topic"] for r in hooks.wait_for(2)] == ["orders/paid", "orders/create"]


def test_a_topic_that_was_not_asked_for_is_not_sent(client: Client, hooks: Receiver) -> None:
    client.serving.control.post("app", topics=["orders/paid"])
    with pytest.raises(RemoteError, match="not subscribed"):
        client.order("webhooks/send", topic="orders/create", payload={})
    client.order("orders", lines=[{"sku": "SKU-BZC-001"}])
    assert client.serving.shopify.deliveries.wait_idle(5)
    assert [r.headers["x-shopify-topic"] for r in hooks.requests] == ["orders/paid"]


def test_an_uninstall_is_told_when_the_token_is_dead_already_and_then_nothing_more(
    client: Client, hooks: Receiver
) -> None:
    client.order("uninstall")
    request = hooks.wait_for(1)[0]
    assert request.headers["x-shopify-topic"] == "app/uninstalled"
    assert json.loads(request.body)["myshopify_domain"] == client.shop
    client.order("inventory", sku="SKU-BZC-001", available=1)
    assert client.serving.shopify.deliveries.wait_idle(5)
    assert len(hooks.requests) == 1


def test_a_change_of_scopes_names_those_before_and_now(client: Client, hooks: Receiver) -> None:
    client.order("scopes", scopes=["read_products"])
    body = json.loads(hooks.wait_for(1)[0].body)
    assert "read_orders" in body["previous"]
    assert body["current"] == ["read_products"]


@pytest.mark.parametrize("topic", ["customers/data_request", "customers/redact", "shop/redact"])
def test_a_compliance_request_names_its_shop_in_the_signed_body(client: Client, hooks: Receiver, topic: str) -> None:
    client.order("compliance", topic=topic)
    request = hooks.wait_for(1)[0]
    assert request.headers["x-shopify-topic"] == topic
    assert json.loads(request.body)["shop_domain"] == client.shop


def test_a_changed_sku_is_told_for_item_and_product(client: Client, hooks: Receiver) -> None:
    client.order("variants/change", sku="SKU-BZC-001", new_sku="NOVO")
    told = {r.headers["x-shopify-topic"]: json.loads(r.body) for r in hooks.wait_for(2)}
    assert told["inventory_items/update"]["sku"] == "NOVO"
    assert [variant["sku"] for variant in told["products/update"]["variants"]] == ["NOVO"]
    assert told["products/update"]["variant_gids"]
