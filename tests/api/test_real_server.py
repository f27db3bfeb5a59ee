"""What only a real server can show: bodies in pieces, paths in raw bytes, several processes, restarts."""

import re
import time
from urllib.parse import quote

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from reservations.models import ApiKey
from tests.api.client import Merchant
from tests.api.server import WebServer, web_server
from tests.factories import numbers, stock_of
from tests.support.rendezvous import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def _merchant(units: int = 5, sku: str = "SKU-1") -> Merchant:
    merchant = Merchant()
    stock_of(merchant.shop, units, sku=sku)
    return merchant


def _head(merchant: Merchant, *more: str, method: str = "POST", path: str = "/stock/SKU-1/reserve") -> str:
    lines = (f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Api-Key {merchant.key}", *more)
    return "\n".join(lines)


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


END = b"0\r\n\r\n"
CHUNKED = ("Transfer-Encoding: chunked", "Content-Type: application/json")


def test_a_body_in_chunks_is_read_whole(server: WebServer) -> None:
    merchant = _merchant()
    status, _ = server.raw(_head(merchant, *CHUNKED), _chunk(b'{"quan'), _chunk(b'tity": 3}'), END)
    assert status == 200
    assert numbers(merchant.shop) == (5, 3, 0)


def test_chunks_beyond_the_limit_are_refused(server: WebServer) -> None:
    status, body = server.raw(_head(_merchant(), *CHUNKED), *[_chunk(b" " * 8_192)] * 9, END)
    assert (status, b'"body_too_large"' in body) == (413, True)


@pytest.mark.parametrize("pieces", [(END,), (b"zz\r\n",)])
def test_chunks_that_bring_nothing_reserve_nothing(server: WebServer, pieces: tuple[bytes, ...]) -> None:
    merchant = _merchant()
    status, body = server.raw(_head(merchant, *CHUNKED), *pieces)
    assert (status, b'"incomplete_body"' in body) == (400, True)
    assert numbers(merchant.shop) == (5, 0, 0)


def test_no_body_at_all_reserves_one_unit(server: WebServer) -> None:
    merchant = _merchant()
    assert server.raw(_head(merchant))[0] == 200
    assert numbers(merchant.shop) == (5, 1, 0)


def test_a_length_beyond_the_limit_is_refused_before_the_body_comes(server: WebServer) -> None:
    status, body = server.raw(_head(_merchant(), "Content-Length: 10000000", "Content-Type: application/json"))
    assert (status, b'"body_too_large"' in body) == (413, True)


@pytest.mark.parametrize("size", [70_000, 120_000, 1_048_576])
def test_who_sends_a_body_far_over_the_limit_hears_so(server: WebServer, size: int) -> None:
    head = _head(_merchant(), f"Content-Length: {size}", "Content-Type: application/json")
    status, body = server.raw(head, *[b" " * 65_536] * (size // 65_536), b" " * (size % 65_536))
    assert (status, b'"body_too_large"' in body) == (413, True)


def test_two_lengths_make_no_request(server: WebServer) -> None:
    merchant = _merchant()
    assert server.raw(_head(merchant, "Content-Length: 2", "Content-Length: 14"), b'{"quantity":3}')[0] == 400
    assert numbers(merchant.shop) == (5, 0, 0)


def test_a_path_that_is_not_utf8_names_no_sku(server: WebServer) -> None:
    merchant = _merchant(sku="%FF")
    for path in ("/stock/%FF", "/stock/%C3", "/stock/%ED%A0%80", "/stock/%FF/reserve"):
        method = "POST" if path.endswith("reserve") else "GET"
        status, body = server.raw(_head(merchant, method=method, path=path))
        assert (status, b'"invalid_sku"' in body) == (400, True), path
    assert server.raw(_head(merchant, method="GET", path="/stock/%25FF"))[0] == 200


@pytest.mark.parametrize("sku", ["A/B", "../A", "A//", "two words", "商品 🧸", "100%", "a?b#c", "confirm"])
def test_an_odd_sku_comes_through_the_server_as_it_is(server: WebServer, sku: str) -> None:
    merchant = _merchant(sku=sku)
    status, _ = server.raw(_head(merchant, path=f"/stock/{quote(sku, safe='')}/reserve"))
    assert status == 200
    assert numbers(merchant.shop, sku) == (5, 1, 0)


def test_headers_in_any_bytes_are_answered(server: WebServer) -> None:
    for value in ("Api-Key \xff\xfe", "Api-Key " + "x" * 20_000, "\xff"):
        status, body = server.raw(f"GET /stock/A HTTP/1.1\nHost: x\nAuthorization: {value}")
        assert (status, b"_api_key" in body) == (401, True)
    for value in ("\xff", "two words"):
        assert server.raw(_head(_merchant(), f"Idempotency-Key: {value}"))[0] == 400


def test_head_brings_no_body_over_the_wire(server: WebServer) -> None:
    assert server.raw(_head(_merchant(), method="HEAD", path="/stock/SKU-1")) == (200, b"")


def test_the_documentation_brings_all_of_its_own_files(server: WebServer) -> None:
    files = re.findall(r'(?:src|href)="(/[^"]+)"', server.get("/api/docs").text)
    assert len(files) == 4
    assert {server.get(file).status_code for file in files} == {200}


def test_what_one_process_counts_every_process_shows(server: WebServer) -> None:
    merchant = _merchant(units=40)
    before = _reserved(server)
    for _ in range(40):
        assert server.raw(_head(merchant))[0] == 200
    assert {_reserved(server) - before for _ in range(10)} == {40}


def _reserved(server: WebServer) -> float:
    _, text = server.raw("GET /metrics HTTP/1.1\nHost: localhost")
    return sum(
        sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
        if sample.name == "bazico_reservations_total" and sample.labels["outcome"] == "reserved"
    )


def test_a_revoked_key_is_refused_by_every_process_a_second_later(server: WebServer) -> None:
    merchant = _merchant()
    head = _head(merchant, method="GET", path="/stock/SKU-1")
    assert {server.raw(head)[0] for _ in range(20)} == {200}
    ApiKey.objects.filter(shop=merchant.shop).update(revoked_at=timezone.now())
    time.sleep(1.1)
    assert {server.raw(head)[0] for _ in range(20)} == {401}


def test_one_key_sent_many_times_at_once_to_two_processes_holds_one_unit(server: WebServer) -> None:
    merchant = _merchant(units=50)
    answers = at_once([lambda: server.raw(_head(merchant, "Idempotency-Key: k"))] * 16)
    statuses = [status for status, _ in answers]  # type: ignore[misc]
    assert set(statuses) <= {200, 409}
    assert len({body for status, body in answers if status == 200}) == 1  # type: ignore[misc]
    assert numbers(merchant.shop) == (50, 1, 0)


def test_a_key_is_remembered_by_the_server_that_comes_after_a_crash(django_db_setup: None) -> None:
    merchant = _merchant()
    head = _head(merchant, "Idempotency-Key: k")
    with web_server() as first:
        answer = first.raw(head)
        first.kill()
    with web_server() as second:
        assert second.raw(head) == answer
    assert numbers(merchant.shop) == (5, 1, 0)
