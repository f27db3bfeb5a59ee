"""Bling's webhooks: signed, late, twice, out of order, and switched off for a receiver that does not answer."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from sandbox.bling import sign
from sandbox.web import Request
from tests.sandbox.bling.client import CLIENT, Client
from tests.sandbox.receiver import Receiver
from tests.support.patience import PATIENCE_SECONDS


def _event(request: Request) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(request.body)
    return event


def test_a_movement_is_told_with_its_balances_and_without_its_origin(client: Client, events: Receiver) -> None:
    product, deposit = client.products()["SKU-BZC-001"], client.deposit()
    client.move(product, 4, observacoes="venda 1")
    event = _event(events.wait_for(1)[0])
    assert set(event) == {"eventId", "date", "version", "event", "companyId", "data"}
    assert (event["event"], event["version"]) == ("stock.created", "v1")
    assert event["companyId"] == client.get("/empresas/me/dados-basicos")["id"]
    assert event["data"] == {
        "produto": {"id": product},
        "deposito": {"id": deposit, "saldoFisico": 6, "saldoVirtual": 6},
        "operacao": "S",
        "quantidade": 4,
        "saldoFisicoTotal": 6,
        "saldoVirtualTotal": 6,
    }


def test_the_signature_is_of_the_raw_bytes_with_the_apps_secret(client: Client, events: Receiver) -> None:
    client.move(client.products()["SKU-BZC-001"], 1)
    request = events.wait_for(1)[0]
    expected = hmac.new(CLIENT[1].encode(), request.body, hashlib.sha256).hexdigest()
    assert request.headers["x-bling-signature-256"] == f"sha256={expected}" == sign(CLIENT[1], request.body)


def test_an_order_is_told_and_what_it_reserves_too(client: Client, events: Receiver) -> None:
    product = client.products()["SKU-BZC-001"]
    client.order(product, 3, "77")
    told = {event["event"]: event["data"] for event in map(_event, events.wait_for(2))}
    assert told["order.created"]["numeroLoja"] == "77"
    assert told["order.created"]["situacao"] == {"id": 6, "valor": 0}
    assert told["virtual_stock.updated"]["saldoVirtualTotal"] == 7
    assert told["virtual_stock.updated"]["saldoFisicoTotal"] == 10
    assert told["virtual_stock.updated"]["vinculoComplexo"] is False


def test_nothing_is_sent_before_the_app_is_authorized(client: Client, events: Receiver) -> None:
    client.serving.control.post("oauth/revoke")
    client.serving.control.post("movements", sku="SKU-BZC-001")
    client.connect()
    client.serving.control.post("movements", sku="SKU-BZC-002")
    assert client.serving.bling.deliveries.wait_idle(5)
    assert len(events.requests) == 1


def test_each_try_of_one_event_has_the_same_bytes_and_id(client: Client, events: Receiver) -> None:
    client.serving.control.post("webhooks", retries=[0.01, 0.01])
    events.statuses = [500, 302]
    client.serving.control.post("movements", sku="SKU-BZC-001")
    first, second, third = events.wait_for(3)
    assert first.body == second.body == third.body
    assert client.serving.bling.deliveries.wait_idle(5)
    (webhook,) = client.serving.control.get("webhooks")["webhooks"]
    assert (webhook["statuses"], webhook["given_up"]) == ([500, 302, 200], False)


def test_a_receiver_that_never_answers_well_loses_that_resource_until_it_is_asked_for_again(
    client: Client, events: Receiver
) -> None:
    control = client.serving.control
    control.post("webhooks", retries=[0.01])
    events.statuses = [500, 500]
    control.post("movements", sku="SKU-BZC-001")
    assert client.serving.bling.deliveries.wait_idle(5)
    control.post("movements", sku="SKU-BZC-001")
    control.post("orders", store_number="1", items=[])
    assert client.serving.bling.deliveries.wait_idle(5)
    assert [_event(request)["event"] for request in events.requests[2:]] == ["order.created"]
    control.post("app", resources=["stock"])
    control.post("movements", sku="SKU-BZC-001")
    assert _event(events.wait_for(4)[-1])["event"] == "stock.created"


def test_duplicates_are_the_same_event_twice(client: Client, events: Receiver) -> None:
    client.serving.control.post("webhooks", duplicated=1.0)
    client.serving.control.post("movements", sku="SKU-BZC-001")
    first, second = events.wait_for(2)
    assert first.body == second.body


def test_shuffled_events_overtake_each_other_and_none_is_lost(client: Client, events: Receiver) -> None:
    client.serving.control.post("webhooks", shuffled=1.0, shuffle_seconds=0.3)
    for _ in range(30):
        client.serving.control.post("movements", sku="SKU-BZC-001")
    physical = [_event(request)["data"]["saldoFisicoTotal"] for request in events.wait_for(30)]
    assert sorted(physical, reverse=True) == list(range(9, -21, -1))
    assert physical != sorted(physical, reverse=True)


def test_lost_events_never_come(client: Client, events: Receiver) -> None:
    client.serving.control.post("webhooks", lost=1.0)
    client.serving.control.post("movements", sku="SKU-BZC-001")
    assert client.serving.bling.deliveries.wait_idle(PATIENCE_SECONDS)
    assert events.requests == []


def test_events_wait_while_their_way_is_closed(client: Client, events: Receiver) -> None:
    client.serving.control.post("webhooks", paused=True)
    client.serving.control.post("movements", sku="SKU-BZC-001")
    assert not client.serving.control.post("webhooks/wait", seconds=0.1)["idle"]
    assert events.requests == []
    client.serving.control.post("webhooks", paused=False)
    events.wait_for(1)


@pytest.mark.parametrize(
    ("what", "event"),
    [("products/change", "product.updated"), ("products/delete", "product.deleted")],
)
def test_what_happens_to_a_product_is_told(client: Client, events: Receiver, what: str, event: str) -> None:
    client.serving.control.post(what, sku="SKU-BZC-001")
    assert _event(events.wait_for(1)[0])["event"] == event
