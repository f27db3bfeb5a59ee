"""Both load generators, wrk and the client for machines without it, against a real server."""

import json
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from bench import load
from bench.generator import parse, percentile


class Shop(ThreadingHTTPServer):
    """Gives every reserve its own id and remembers the confirmed ones."""

    def __init__(self) -> None:
        self.reserved: list[str] = []
        self.confirmed: Counter[str] = Counter()
        super().__init__(("127.0.0.1", 0), Till)


class Till(BaseHTTPRequestHandler):
    """One buyer's connection."""

    protocol_version = "HTTP/1.1"
    server: Shop

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, answer = self._answer(body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _answer(self, body: dict[str, str]) -> tuple[int, bytes]:
        if self.path == "/stock/confirm":
            self.server.confirmed[body["reservation_id"]] += 1
            return 200, b'{"status":"confirmed","reservations":[]}'
        if self.path == "/stock/GONE/reserve":
            return 409, b"{}"
        self.server.reserved.append(str(uuid4()))
        return 200, json.dumps({"reservation_id": self.server.reserved[-1]}).encode()


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(params=["wrk", "bench.generator"])
def generator(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "wrk" and not shutil.which("wrk"):
        pytest.skip("wrk is not installed (its package runs this); the client for machines without it is tested")
    if request.param == "bench.generator":
        monkeypatch.setenv("PATH", "")
    assert load.tool() == request.param
    return str(request.param)


def replay(shop: Shop, folder: Path, requests: str, *, confirms: bool = False) -> load.Load:
    """What the load generator reports after a moment on three connections."""
    file = folder / "requests"
    file.write_text(requests)
    return load.run(load.Target(shop.server_port, {"X-Test": "1"}, file, confirms), connections=3, seconds=0.6)


@pytest.mark.usefixtures("generator")
def test_a_load_generator_counts_answers_by_their_status(shop: Shop, tmp_path: Path) -> None:
    found = replay(shop, tmp_path, "/stock/A/reserve\t{}\n/stock/GONE/reserve\t{}\n")
    assert set(found.answers) == {"200", "409"}
    assert found.requests == sum(found.answers.values())
    assert 0 < found.p50_ms <= found.p90_ms <= found.p99_ms
    assert found.seconds > 0.5
    assert found.socket_errors == 0


@pytest.mark.usefixtures("generator")
def test_a_load_generator_confirms_each_reservation_once_when_asked_for_pairs(shop: Shop, tmp_path: Path) -> None:
    replay(shop, tmp_path, "/stock/A/reserve\t{}\n", confirms=True)
    assert shop.confirmed
    assert set(shop.confirmed) <= set(shop.reserved)
    assert set(shop.confirmed.values()) == {1}
    # At the end each connection may have one reservation that waits for its confirm.
    assert len(shop.reserved) - len(shop.confirmed) <= 3


@pytest.mark.usefixtures("generator")
def test_a_load_generator_says_that_the_server_is_not_there(tmp_path: Path) -> None:
    with Shop() as shop:
        pass
    with pytest.raises(RuntimeError, match="unable to connect"):
        replay(shop, tmp_path, "/stock/A/reserve\t{}\n")


def test_an_answer_counts_only_when_all_of_it_is_there() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"
    assert parse(head[:-2]) is None
    assert parse(head + b"abc") is None
    assert parse(head + b"abcd") == ("200", b"abcd")


def test_a_chunked_answer_counts_at_its_last_chunk() -> None:
    head = b"HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert parse(head + b"2\r\n{}\r\n") is None
    assert parse(head + b"2\r\n{}\r\n0\r\n\r\n") == ("409", b"2\r\n{}\r\n0\r\n\r\n")


def test_a_percentile_of_nothing_is_nothing() -> None:
    assert percentile([], 99) == 0
    assert percentile([1.0, 2.0, 3.0, 4.0], 50) == 3.0
