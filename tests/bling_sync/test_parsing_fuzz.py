"""Whatever an answer or an event holds, we read it or leave it out, and it never breaks the reader."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bling_sync.client import bling_api as client
from bling_sync.client.bling_api import Bling
from bling_sync.client.transport import Reply
from bling_sync.errors import BlingError
from bling_sync.models import Connection, WebhookEvent
from bling_sync.resources import balances, channels, company, deposits, movements, products, sales_orders
from bling_sync.webhooks import consequences, event_inbox, signature
from tests.factories import make_shop

COMPANY = "d41d8cd98f00b204e9800998ecf8427e"
WORDS = """
    id codigo nome tipo formato situacao valor padrao descricao produto deposito depositos saldoFisico saldoVirtual
    saldoFisicoTotal saldoVirtualTotal numeroLoja preco notaFiscal estrutura tipoEstoque idProduto controlaLote operacao
    quantidade data error fields collection code msg element message description type period
"""
NAMES = st.sampled_from(WORDS.split())
ODD = ["", "A", "-1", "1", "1e400000000", "NaN", "²", "1,5", "\x00", "\ud800", "9" * 400, "Shopify", "0001-01-01"]
TRAPS = [b'{"a": 1e99999999999999999999}', b"[" * 99_999, b'{"a": ' + b"9" * 5_000 + b"}"]
NUMBERS = st.integers(-3, 12) | st.integers(-(10**30), 10**30) | st.decimals()
SCALARS = st.none() | st.booleans() | NUMBERS | st.sampled_from(ODD) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner), max_leaves=12)
READS: dict[str, Callable[[Bling], object]] = {
    "company": company.read,
    "channels": channels.has_shopify,
    "deposits": deposits.active,
    "products": lambda bling: products.page(bling, 1, 0),
    "kit": lambda bling: products.has_virtual_stock(bling, 1),
    "lots": lambda bling: products.kept_by_lots(bling, [1]),
    "balances": lambda bling: balances.read(bling, [1], 2),
    "orders": lambda bling: sales_orders.find(bling, ["1"]),
    "order": lambda bling: sales_orders.detail(bling, 1),
    "counter": sales_orders.counter,
    "booking": lambda bling: movements.book(bling, product_id=1, deposit_id=1, operation="S", units=1, note=""),
}


class Answering(Bling):
    """A client that has its answer already."""

    def __init__(self, data: object) -> None:
        super().__init__(0, "fuzz", token="x")
        self._data = data

    def get(self, path: str, query: object = None) -> Any:
        return self._data

    def post(self, path: str, body: object = None) -> Any:
        return self._data


@pytest.mark.parametrize("name", READS)
@given(data=VALUES)
@settings(max_examples=60, deadline=None)
def test_whatever_an_answer_holds_is_read_or_is_an_error_of_blings(name: str, data: object) -> None:
    try:
        READS[name](Answering(data))
    except BlingError:
        return


@given(status=st.integers(300, 599), body=VALUES)
@settings(max_examples=150, deadline=None)
def test_whatever_a_refusal_says_can_be_kept_as_its_reason(status: int, body: object) -> None:
    kept = str(client._error(Reply(status, body, "", 0.0)))
    assert "\x00" not in kept
    assert kept.encode()


def written(event: object) -> bytes:
    return json.dumps(event, default=str).encode()


@pytest.mark.django_db(transaction=True)
@given(
    event=st.fixed_dictionaries(
        {
            "eventId": st.uuids().map(str) | st.sampled_from(ODD),
            "event": st.sampled_from(["stock.created", "virtual_stock.updated", "order.created", "product.x", "?"]),
            "companyId": st.just(COMPANY),
            "date": st.sampled_from([*ODD, "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"]),
            "data": VALUES,
        }
    )
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_genuine_event_is_answered_and_worked_off_whatever_it_holds(event: dict[str, object]) -> None:
    known = Connection.objects.filter(company_id=COMPANY).first()
    known = known or Connection.objects.create(shop=make_shop(), company_id=COMPANY, mode="observe")
    body = written(event)
    answer = Client().post(
        "/bling/webhooks", body, content_type="application/json", headers={signature.HEADER: signature.sign(body)}
    )
    assert answer.status_code == 200
    consequences.apply_new(known.shop_id)
    assert not WebhookEvent.objects.filter(processed_at=None).exists()


@pytest.mark.django_db(transaction=True)
@given(body=st.binary(max_size=200), header=st.none() | st.text(max_size=80), kind=st.text(max_size=20))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whoever_is_not_bling_gets_401_whatever_they_send(body: bytes, header: str | None, kind: str) -> None:
    headers = {signature.HEADER: header} if header is not None else {}
    answer = Client().generic("POST", "/bling/webhooks", body, content_type=kind, headers=headers)
    assert answer.status_code == 401


@given(st.binary(max_size=300) | VALUES.map(written) | st.sampled_from(TRAPS))
@settings(max_examples=200, deadline=None)
def test_bytes_are_an_event_or_none(body: bytes) -> None:
    assert event_inbox.parse(body) is None or event_inbox.parse(body) == event_inbox.parse(body)
