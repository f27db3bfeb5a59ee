"""What the front writes down: that there was a request and how it ended, and never a credential."""

import re
import ssl
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.attacks.addresses import all_addresses
from tests.front.nginx import FILE, Front, front, heard, request
from tests.front.witness import witness
from tests.support.free_port import free_port
from tests.support.patience import wait_until

CANARY = "canary-5e7c1f"
HEADERS = (
    f"Authorization: Api-Key {CANARY}\nCookie: sessionid={CANARY}\nReferer: https://shop.example/?id_token={CANARY}"
)
ADDRESSES = [
    f"/app/?id_token={CANARY}&hmac={CANARY}",
    f"/proxy/stock/A?signature={CANARY}",
    f"/bling/callback?code={CANARY}&state={CANARY}",
    f"/bling/connect?link={CANARY}",
    f"/stock/{CANARY}",
    f"/reservations/{CANARY}",
    f"/admin/?next={CANARY}",
    f"/stock/../admin/{CANARY}",
    f"/{CANARY}",
    f"/static/{CANARY}",
    f"/stock/breaks-off?key={CANARY}",
    f"/app/{'x' * 70_000}{CANARY}",
]


def requests_with_a_secret() -> Iterator[bytes]:
    """Everything that nginx may have something to say of."""
    for address in ADDRESSES:
        yield request(f"GET {address} HTTP/1.1\n{HEADERS}", 0)
        yield request(f"POST {address} HTTP/1.1\n{HEADERS}", 9) + b"something"
    yield request(f"POST /stock/A/reserve?key={CANARY} HTTP/1.1\n{HEADERS}", 90_000) + b"x" * 90_000
    yield request(f"GET /stock/A?key={CANARY} HTTP/9.9\n{HEADERS}", 0)
    yield request(f"GET /stock/A?key={CANARY} HTTP/1.1\nHost: {CANARY} {CANARY}", 0)
    yield request(f"{CANARY} /stock/A HTTP/1.1\n{HEADERS}", 0)
    yield request(f"TRACE /stock/A?key={CANARY} HTTP/1.1\n{HEADERS}", 0)
    yield request(f"GET /stock/A?key={CANARY} HTTP/1.1\n{HEADERS}\nX-Long: {'x' * 70_000}", 0)
    yield request(f"GET /stock/A?key={CANARY} HTTP/1.1\nContent-Length: 1\nContent-Length: 2", 0)
    yield request(f"POST /stock/A?key={CANARY} HTTP/1.1\nTransfer-Encoding: chunked", 0) + b"zz\r\n"
    yield CANARY.encode() + b"\r\n\r\n"


def tell_all(running: Front) -> int:
    """Send each of them, and return how many there were."""
    sent = list(requests_with_a_secret())
    for text in sent:
        with closing(running.connect()) as connection:
            try:
                connection.sendall(text)
            except (ConnectionError, ssl.SSLError):
                continue
            heard(connection)
    for address in ADDRESSES[:-1]:
        running.ask_in_plain(f"GET {address} HTTP/1.1\n{HEADERS}")
    return len(sent) + len(ADDRESSES) - 1


@pytest.mark.parametrize("web_is_there", [True, False])
def test_no_credential_reaches_a_log_whatever_becomes_of_the_request(tmp_path: Path, *, web_is_there: bool) -> None:
    with witness() as port, front(tmp_path, port if web_is_there else free_port()) as running:
        told = tell_all(running)
        wait_until(lambda: len(running.lines()) >= told, lambda: f"{told} lines: {len(running.lines())}")
    assert CANARY not in running.written()
    assert "web=502" in running.written()


def test_a_line_says_which_room_was_asked_and_what_came_of_it(before_witness: Front) -> None:
    before = len(before_witness.lines())
    assert before_witness.ask("GET /reservations/3f0 HTTP/1.1").status == 200
    wait_until(lambda: len(before_witness.lines()) > before, "the line is written")
    assert re.search(r" 127\.0\.0\.1 GET stock 200 in=\d+ out=\d+ .* web=200 ", before_witness.lines()[before])


def rooms() -> dict[str, str]:
    """The rooms of the file, by the pattern of their addresses."""
    block = FILE.read_text().partition("map $uri $room {")[2].partition("}\n")[0]
    return dict(re.findall(r'"~(\S+)" (\w+);', block))


@pytest.mark.parametrize("address", sorted({*all_addresses(), "admin/login/"} - {""}))
def test_every_address_of_the_service_has_a_room(address: str) -> None:
    path = "/" + re.sub(r"<[^>]+>", "x", address).replace("^", "").replace("/?$", "")
    assert [room for pattern, room in rooms().items() if re.search(pattern, path)] != [], path
