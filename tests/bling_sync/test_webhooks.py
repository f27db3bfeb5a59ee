"""Webhooks: callers other than Bling get 401, we keep each event once, and events only request readings."""

import json
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bling_sync import account_setup, housekeeping, shop_work
from bling_sync.models import Connection, Mode, ModeReason, Product, Push, WebhookEvent
from bling_sync.webhooks import consequences, signature, silence
from sandbox.bling import sign
from tests.bling_sync.world import FIRST, World
from tests.factories import make_shop

pytestmark = pytest.mark.django_db(transaction=True)

COMPANY = "d41d8cd98f00b204e9800998ecf8427e"


@pytest.fixture
def known() -> Connection:
    """A shop that is connected to COMPANY."""
    return Connection.objects.create(shop=make_shop(), company_id=COMPANY, access_token="x", refresh_token="y")


def event(kind: str = "stock.created", data: dict[str, Any] | None = None, **more: Any) -> bytes:
    return json.dumps(
        {
            "eventId": str(uuid4()),
            "date": "2025-01-10T12:18:46Z",
            "version": "v1",
            "event": kind,
            "companyId": COMPANY,
            "data": data if data is not None else {"produto": {"id": 1}, "operacao": "S", "quantidade": 2},
            **more,
        }
    ).encode()


def send(body: bytes, header: str | None = "right", path: str = "/bling/webhooks") -> HttpResponse:
    headers = {signature.HEADER: signature.sign(body) if header == "right" else header} if header is not None else {}
    answer: HttpResponse = Client().post(path, body, content_type="application/json", headers=headers)  # type: ignore[assignment]
    return answer


@pytest.mark.parametrize("header", [None, "", "sha256=", "sha256=" + "0" * 64, "md5=1", "é" * 71, "x" * 10_000])
def test_an_event_without_the_right_signature_is_refused_before_anything_else(
    known: Connection, header: str | None
) -> None:
    assert send(event(), header).status_code == 401
    assert not WebhookEvent.objects.exists()


def test_other_methods_learn_nothing_without_a_signature(known: Connection) -> None:
    for method in ("get", "put", "delete", "patch", "options"):
        assert getattr(Client(), method)("/bling/webhooks").status_code == 401


def test_nothing_is_genuine_when_we_have_no_secret(known: Connection, settings: Any) -> None:
    settings.BLING_CLIENT_SECRET = ""
    body = event()
    assert send(body, signature.sign(body)).status_code == 401


def test_the_signature_is_that_of_bling() -> None:
    from django.conf import settings

    body = event()
    assert signature.sign(body) == sign(settings.BLING_CLIENT_SECRET, body)
    assert not signature.is_genuine(body + b" ", signature.sign(body))


def test_an_event_is_kept_once_however_often_it_comes(known: Connection) -> None:
    body = event()
    assert [json.loads(send(body).content)["stored"] for _ in range(3)] == [True, False, False]
    kept = WebhookEvent.objects.get()
    assert (kept.product_id, kept.operation, kept.quantity) == (1, "S", Decimal(2))


def test_an_event_is_one_insert(known: Connection) -> None:
    body = event()
    with CaptureQueriesContext(connection) as queries:
        send(body)
    assert len([query for query in queries if "bling_sync" in query["sql"]]) == 1


def test_an_event_of_an_unknown_company_is_answered_and_not_kept(known: Connection) -> None:
    body = event(companyId="f" * 32)
    assert send(body).status_code == 200
    assert not WebhookEvent.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"null",
        b'{"eventId": 1}',
        b"[" * 5_000,
        event(eventId="\x00"),
        event(data={"produto": {"id": 10**30}, "quantidade": "NaN", "operacao": 7}),
        event(date="not a date"),
    ],
)
def test_a_genuine_event_that_makes_no_sense_is_answered_and_does_no_harm(known: Connection, body: bytes) -> None:
    assert send(body).status_code == 200


def test_an_event_keeps_no_personal_data(known: Connection) -> None:
    data = {"id": 7, "numeroLoja": "5001", "contato": {"id": 99, "nome": "Ana"}, "situacao": {"id": 6, "valor": 0}}
    send(event("order.created", data))
    kept = WebhookEvent.objects.values().get()
    assert (kept["bling_order_id"], kept["store_number"], kept["situation"]) == (7, "5001", 0)
    assert "Ana" not in str(kept)


def test_a_stock_event_makes_its_product_due_and_moves_no_stock(world: World) -> None:
    before = world.stock()
    world.bling.control.post("movements", sku=FIRST, operation="S", quantity=4)
    world.hear()
    consequences.apply_new(world.shop.pk)
    assert world.product().read_due_at is not None
    assert world.stock() == before
    assert not WebhookEvent.objects.filter(processed_at=None).exists()


def test_a_sale_in_another_channel_is_known_after_its_event(world: World) -> None:
    world.bling.control.post("movements", sku=FIRST, operation="S", quantity=4)
    world.hear()
    world.push()
    shop_work.read_back(world.shop.pk)
    assert world.stock().available == 6


def test_doubled_and_disordered_events_end_in_the_same_stock(world: World) -> None:
    world.bling.control.post("webhooks", duplicated=0.5, shuffled=1.0, shuffle_seconds=0.3)
    for quantity in (1, 2, 3):
        world.bling.control.post("movements", sku=FIRST, operation="S", quantity=quantity)
    world.hear()
    world.read()
    assert world.stock().available == 4


def test_silence_is_noticed_when_our_own_movements_bring_no_event(world: World) -> None:
    world.bling.control.post("webhooks", lost=1.0)
    for _ in range(3):
        world.buy()
        world.push()
    assert not silence.is_silent(world.connection)
    Push.objects.update(effect_at=Now() - silence.AFTER * 2)
    assert silence.is_silent(world.connection)


def test_silence_is_noticed_where_bling_imports_the_orders_too(world: World) -> None:
    world.bling.control.post("webhooks", lost=1.0)
    account_setup.set_mode(world.connection, Mode.OBSERVE, ModeReason.MERCHANT)
    for number in ("5001", "5002", "5003"):
        world.buy(order_id=number)
        world.bling.control.post("orders", store_number=number, items=[{"sku": FIRST, "quantity": 1}])
    world.push()
    Push.objects.update(effect_at=Now() - silence.AFTER * 2)
    assert silence.is_silent(world.connection)
    send(event("order.created", {"id": 7}, companyId=world.connection.company_id))
    assert not silence.is_silent(world.connection)


def test_old_events_are_deleted_however_many_there_are(known: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "BATCH", 2)
    for _ in range(7):
        send(event())
    WebhookEvent.objects.update(received_at=Now() - housekeeping.EVENTS_KEPT * 2)
    send(event())
    housekeeping.prune()
    assert WebhookEvent.objects.count() == 1


def test_events_of_one_company_reach_every_shop_that_it_feeds(known: Connection) -> None:
    other = Connection.objects.create(shop=make_shop(), company_id=COMPANY, access_token="x", refresh_token="y")
    send(event())
    assert set(WebhookEvent.objects.values_list("shop_id", flat=True)) == {known.shop_id, other.shop_id}
    assert not Product.objects.exists()
