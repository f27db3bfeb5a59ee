"""An exchange ends in time, reads only so much, follows no redirect, and says whether it may have had an effect."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from plumbing import outbound_http
from plumbing.outbound_http import Answer, AnswerLost, Limits, NotSent, exchange, new_session

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"


@contextmanager
def answering(*parts: bytes, every_seconds: float = 0.0, sent: list[bytes] | None = None) -> Iterator[str]:
    """A server for one exchange that sends these parts, one after another, and then closes; it notes them in `sent`."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                client, _ = server.accept()
                with client:
                    client.recv(65_536)
                    for part in parts:
                        client.sendall(part)
                        if sent is not None:
                            sent.append(part)
                        time.sleep(every_seconds)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


def get(url: str, seconds: float = 5.0) -> Answer:
    with new_session() as session:
        return exchange(session, "GET", url, limits=Limits(seconds, seconds, seconds), headers={})


def test_an_answer_comes_whole() -> None:
    with answering(HEAD % 2, b"{", b"}") as url:
        answer = get(url)
    assert (answer.status, answer.body) == (200, b"{}")


def test_an_answer_that_drips_ends_at_the_deadline() -> None:
    sent: list[bytes] = []
    with answering(HEAD % 999, *[b"x"] * 999, every_seconds=0.2, sent=sent) as url, pytest.raises(AnswerLost):
        get(url, seconds=0.6)
    assert len(sent) < 999


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound_http, "MOST_BYTES", 1_000)
    with answering(HEAD % 1_001, b"x" * 1_001) as url, pytest.raises(AnswerLost, match="too long"):
        get(url)


@pytest.mark.parametrize("address", [b"http://127.0.0.1:1/", b"http://[::1/"])
def test_a_redirect_is_an_answer_or_lost_and_never_followed(address: bytes) -> None:
    with answering(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + address + b"\r\n\r\n") as url:
        try:
            status = get(url).status
        except AnswerLost:
            status = 302
    assert status == 302


def test_a_connection_that_is_refused_has_sent_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/?secret=1"
    with pytest.raises(NotSent) as failure:
        get(url)
    assert "secret" not in str(failure.value)


def test_a_connection_that_is_cut_may_have_had_an_effect() -> None:
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nx") as url, pytest.raises(AnswerLost):
        get(url)


def test_no_proxy_and_no_netrc_stand_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with answering(HEAD % 0) as url:
        assert get(url).status == 200
