"""What one caller may take of the front: so many requests, connections and bytes, and so much time."""

import json
import socket
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.front.nginx import Front, front, heard, request
from tests.front.witness import witness

KIB = 1_024
WEBHOOKS = ["/shopify/webhooks", "/shopify/webhooks/", "/bling/webhooks", "/bling/webhooks/"]


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/stock/A/reserve", 64 * KIB),
        ("/cart/validate", 64 * KIB),
        ("/proxy/stock/A/reserve", 64 * KIB),
        ("/customer/orders", 64 * KIB),
        ("/app/settings/", KIB * KIB),
        ("/shopify/webhooks", 10 * KIB * KIB),
        ("/bling/webhooks/", 10 * KIB * KIB),
        ("/stock/shopify/webhooks", 64 * KIB),
    ],
)
def test_a_body_has_the_bytes_that_its_address_reads_and_no_more(before_witness: Front, path: str, most: int) -> None:
    whole = before_witness.ask(f"POST {path} HTTP/1.1", b"x" * most)
    assert (whole.status, json.loads(whole.body)["length"]) == (200, most)
    too_long = before_witness.ask(f"POST {path} HTTP/1.1", b"x" * (most + 1))
    assert (too_long.status, json.loads(too_long.body)["code"]) == (413, "body_too_large")


def test_a_sender_of_far_too_much_hears_why_before_the_connection_ends(before_witness: Front) -> None:
    answer = before_witness.ask("POST /stock/A/reserve HTTP/1.1", b"x" * (2 * KIB * KIB))
    assert (answer.status, json.loads(answer.body)["code"]) == (413, "body_too_large")


def test_one_person_has_so_many_requests_a_second_and_a_shops_server_far_more(tmp_path: Path) -> None:
    with witness() as port, front(tmp_path, port) as running:
        assert statuses(answers(running, "/stock/A", 400)) == {200}
        said = answers(running, "/app/", 400)
        assert statuses(said) == {200, 429}
        assert b'{"code":"throttled"' in said
        assert b"\r\nRetry-After: 1\r\n" in said
        # The crowd's bound is another one.
        assert running.ask("GET /stock/A HTTP/1.1").status == 200


def answers(running: Front, path: str, number: int) -> bytes:
    """To so many requests, all on one connection."""
    last = request(f"GET {path} HTTP/1.1", 0)
    with closing(running.connect()) as connection:
        connection.sendall(last.replace(b"Connection: close\r\n", b"") * (number - 1) + last)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def statuses(said: bytes) -> set[int]:
    return {int(part[:3]) for part in said.split(b"HTTP/1.1 ")[1:]}


def test_one_person_has_so_many_connections_at_once(tmp_path: Path) -> None:
    patiently = {"client_body_timeout 5s;": "client_body_timeout 300s;"}
    with witness() as port, front(tmp_path, port, patiently) as running, ExitStack() as open_ones:
        for _ in range(64):
            waiting = open_ones.enter_context(closing(running.connect()))
            waiting.sendall(request("POST /app/settings/ HTTP/1.1", 10) + b"x")
        # Each of the 64 is known to nginx once the next one's head is read on the same process.
        assert running.ask("GET /app/ HTTP/1.1").status == 429
        assert running.ask("GET /stock/A HTTP/1.1").status == 200


@pytest.mark.parametrize("sent", [b"GET /stock/A HT", request("POST /stock/A HTTP/1.1", 10) + b"x", b""])
def test_a_caller_that_stops_in_the_middle_is_dropped(tmp_path: Path, sent: bytes) -> None:
    quickly = {
        "client_header_timeout 10s;": "client_header_timeout 1s;",
        "client_body_timeout 5s;": "client_body_timeout 1s;",
    }
    with witness() as port, front(tmp_path, port, quickly) as running, closing(running.connect()) as connection:
        connection.sendall(sent)
        assert heard(connection).status in (0, 408)


def test_a_head_that_comes_by_the_drop_has_one_time_for_all_of_it(tmp_path: Path) -> None:
    with (
        witness() as port,
        front(tmp_path, port, {"client_header_timeout 10s;": "client_header_timeout 1s;"}) as running,
        closing(running.connect()) as connection,
    ):
        connection.settimeout(0.2)
        sent = 0
        while dripping(connection):
            sent += 1
        assert sent < 600


def dripping(connection: socket.socket) -> bool:
    """Send one more letter of a head; False once nobody listens."""
    try:
        connection.sendall(b"G")
        return connection.recv(1) != b""
    except TimeoutError:
        return True
    except OSError:
        return False
