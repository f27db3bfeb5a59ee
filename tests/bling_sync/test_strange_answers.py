"""Answers that Bling should never give: nothing breaks, we conclude nothing, and the unknown stays unknown."""

import gzip
import json
from collections.abc import Iterator
from decimal import Decimal

import pytest
from pytest_django import Settings

from bling_sync.client import bling_api as client
from bling_sync.client import redis_slots
from bling_sync.client.bling_api import Bling
from bling_sync.errors import BlingError, OutcomeUnknown, RateLimited, ReadFailed
from bling_sync.oauth import token_address
from bling_sync.resources import balances, channels, company, deposits, movements, products, sales_orders
from tests.bling_sync.strange import HTML, Answer, Strange, dripping, plain, raw, reset, said
from tests.factories import make_shop
from tests.support import stopwatch
from tests.support.patience import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

TIMEOUT_SECONDS = 0.6
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
MEANINGLESS: dict[str, Answer] = {
    "nothing": plain("200 OK"),
    "a page": plain("200 OK", HTML, "Content-Type: text/html"),
    "a page of an edge": plain("502 Bad Gateway", HTML, "Content-Type: text/html"),
    "an error without a body": plain("500 Internal Server Error"),
    "a list": plain("200 OK", b"[1, 2]"),
    "another object": plain("200 OK", b'{"id": 7}'),
    "half a JSON": plain("200 OK", b'{"data": {"id": 7'),
    "a JSON that is too deep": plain("200 OK", b'{"data": ' + b"[" * 100_000),
    "a number beyond all": plain("200 OK", b'{"data": {"id": 1e99999999999999999999}, "more": 1e99999999999999999999}'),
    "less than was promised": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}"),
    "a chunk that is none": raw(CHUNKED + b"what?\r\n"),
    "a chunk that breaks off": raw(CHUNKED + b'ff\r\n{"data"'),
    "gzip that is none": plain("200 OK", b"no gzip", "Content-Encoding: gzip"),
    "no HTTP at all": raw(b"SSH-2.0-OpenSSH_9.9\r\n"),
    "an end": raw(b""),
    "a reset": reset,
    "a redirect": plain("302 Found", b"", "Location: https://example.com/"),
    "a redirect to nowhere": plain("302 Found", b"", "Location: http://[/"),
    "a redirect that is no text": raw(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: \xff\xfe\r\n\r\n"),
    "a header that never ends": dripping(b"HTTP/1.1 200 OK\r\nX-More: more\r\n"),
    "a body that never ends": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{}"),
    "chunks that never end": dripping(CHUNKED + b"1\r\n{\r\n"),
}
READS = {
    "company": company.read,
    "channels": channels.has_shopify,
    "deposits": deposits.active,
    "products": lambda bling: products.page(bling, 1, 0),
    "balances": lambda bling: balances.read(bling, [1], 2),
    "orders": lambda bling: sales_orders.find(bling, ["5001"]),
    "order": lambda bling: sales_orders.detail(bling, 7),
    "counter": sales_orders.counter,
}


@pytest.fixture
def strange(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Strange]:
    """A server for the length of a test."""
    monkeypatch.setattr(redis_slots, "HELD_AFTER_ANSWER_MS", 1)
    monkeypatch.setattr(client, "_FIRST_NAP_SECONDS", 0.01)
    with Strange() as server:
        settings.BLING_API_URL = server.url
        yield server


@pytest.fixture
def bling(strange: Strange) -> Bling:
    """The client that speaks to it."""
    return Bling(make_shop().pk, "strange", token="x")


def let_answer(strange: Strange, settings: Settings, name: str) -> None:
    """Every request gets this answer, and nobody waits long for the end of one that has none."""
    strange.answer = MEANINGLESS[name]
    if "never end" in name:
        settings.BLING_TIMEOUT_SECONDS = TIMEOUT_SECONDS


def book(bling: Bling) -> int:
    return movements.book(bling, product_id=1, deposit_id=2, operation=movements.OUT, units=3, note="Bázico")


@pytest.mark.parametrize("name", MEANINGLESS)
def test_a_write_whose_answer_says_nothing_is_unknown_and_made_once(
    strange: Strange, bling: Bling, settings: Settings, name: str
) -> None:
    let_answer(strange, settings, name)
    began = stopwatch.now()
    with pytest.raises(OutcomeUnknown):
        book(bling)
    wait_until(lambda: strange.requests)
    assert strange.requests == ["POST /Api/v3/estoques"]
    stopwatch.judge(stopwatch.now() - began, promised=TIMEOUT_SECONDS + 3)


@pytest.mark.parametrize("name", MEANINGLESS)
def test_a_read_whose_answer_says_nothing_concludes_nothing(
    strange: Strange, bling: Bling, settings: Settings, name: str
) -> None:
    let_answer(strange, settings, name)
    with pytest.raises(ReadFailed):
        sales_orders.find(bling, ["5001"])


@pytest.mark.parametrize("name", READS)
def test_a_list_that_is_none_is_no_empty_list(strange: Strange, bling: Bling, name: str) -> None:
    strange.answer = said("a text")
    if name == "order":
        assert sales_orders.detail(bling, 7).situation is None
        return
    with pytest.raises(ReadFailed):
        READS[name](bling)


@pytest.mark.parametrize("name", ["nothing", "a page of an edge", "half a JSON", "a reset", "a header that never ends"])
def test_a_token_call_whose_answer_says_nothing_keeps_the_former_tokens(
    strange: Strange, settings: Settings, name: str
) -> None:
    let_answer(strange, settings, name)
    with pytest.raises(OutcomeUnknown):
        token_address.refresh("refresh")


@pytest.mark.parametrize("body", [b"", HTML, b'{"error": "slow down"}', b'{"error": {"period": 7}}'])
def test_too_many_requests_without_the_usual_words_were_not_applied(
    strange: Strange, bling: Bling, body: bytes
) -> None:
    strange.answer = plain("429 Too Many Requests", body)
    with pytest.raises(RateLimited) as refused:
        book(bling)
    assert not refused.value.day
    assert refused.value.retry_after is not None


def test_a_no_without_a_reason_was_not_applied(strange: Strange, bling: Bling) -> None:
    for status in (400, 401, 402, 403, 404, 405, 409, 410, 413, 414, 418, 422, 423, 451):
        strange.answer = plain(f"{status} No", HTML)
        with pytest.raises(BlingError) as refused:
            book(bling)
        assert not isinstance(refused.value, OutcomeUnknown), status


def test_ids_and_numbers_that_come_as_text_are_read_all_the_same(strange: Strange, bling: Bling) -> None:
    strange.answer = said({"id": "77", "more": {"than": ["was", "asked"]}})
    assert book(bling) == 77
    strange.answer = said([{"produto": {"id": "1"}, "saldoFisicoTotal": "8.50", "saldoVirtualTotal": 7, "new": None}])
    assert balances.read(bling, [1], None)[1] == balances.Balance(Decimal("8.5"), Decimal(7))
    strange.answer = said([{"id": "4", "descricao": "Geral", "situacao": "1", "padrao": 1}])
    assert deposits.active(bling) == [deposits.Deposit(4, "Geral", default=True, ignored=False)]
    strange.answer = said([{"id": 5, "numeroLoja": 5001, "situacao": {"valor": "2"}}])
    assert sales_orders.find(bling, ["5001"]) == [sales_orders.BlingOrder(5, "5001", 2)]
    strange.answer = said([{"id": 9, "codigo": 123, "situacao": None}])
    assert [found.sku for found in products.page(bling, 1, 0).products] == ["123"]


@pytest.mark.parametrize("situation", [1, "1", True, None])
def test_a_shopify_channel_is_seen_however_its_state_is_written(
    strange: Strange, bling: Bling, situation: object
) -> None:
    strange.answer = said([{"id": 1, "tipo": "Shopify", "situacao": situation}])
    assert channels.has_shopify(bling)


def test_an_answer_in_gzipped_chunks_is_read(strange: Strange, bling: Bling) -> None:
    packed = gzip.compress(b'{"data": {"id": 77}}')
    chunks = b"".join(b"%x\r\n%s\r\n" % (1, packed[i : i + 1]) for i in range(len(packed)))
    head = b"HTTP/1.1 201 Created\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    strange.answer = raw(head + chunks + b"0\r\n\r\n")
    assert book(bling) == 77


def test_orders_that_never_end_are_not_taken_for_all_of_them(strange: Strange, bling: Bling) -> None:
    strange.answer = said([{"id": number + 1, "numeroLoja": "another"} for number in range(sales_orders.PAGE)])
    with pytest.raises(ReadFailed):
        sales_orders.find(bling, ["5001"])


def test_a_token_that_no_header_can_carry_is_none(strange: Strange) -> None:
    for access in ("", 7, None, "a\nb", "é", "a b", {"x": 1}):
        body = json.dumps({"access_token": access, "refresh_token": "r", "expires_in": 21_600}).encode()
        strange.answer = plain("200 OK", body)
        with pytest.raises(OutcomeUnknown):
            token_address.exchange_code("code")


def test_the_life_of_a_token_is_read_or_taken_as_usual(strange: Strange) -> None:
    usual = token_address.DEFAULT_LIFE_SECONDS
    lives = {3_600: 3_600, "3601": 3_601, 3_602.0: 3_602, 0: usual, -5: usual, None: usual, "²": usual}
    for life, seconds in lives.items():
        strange.answer = plain("200 OK", json.dumps({"access_token": "a", "expires_in": life}).encode())
        assert token_address.exchange_code("code") == token_address.TokenPair("a", "", seconds)
