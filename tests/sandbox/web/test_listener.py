"""The server under the stand-ins: keep-alive, torn connections, bodies of every size."""

import http.client
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from sandbox.web import CutConnection, Request, Response, Server
from tests.support.patience import PATIENCE_SECONDS


def _application(request: Request) -> Response:
    if request.path == "/cut":
        raise CutConnection
    body = request.one("size")
    return Response(200, b"x" * int(body) if body else request.body, {"X-Method": request.method})


@pytest.fixture
def url() -> Iterator[str]:
    """A server that answers with the body it was sent."""
    with Server(_application) as server:
        yield server.url


def test_a_connection_serves_many_requests(url: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE_SECONDS)
    connection.connect()
    local = connection.sock.getsockname()
    for number in range(3):
        connection.request("POST", "/", body=str(number))
        assert connection.getresponse().read() == str(number).encode()
    assert connection.sock.getsockname() == local
    connection.close()


def test_a_cut_connection_is_a_reset_and_not_an_empty_answer(url: str) -> None:
    with pytest.raises(requests.ConnectionError, match=r"reset|aborted"):
        requests.get(f"{url}/cut", timeout=PATIENCE_SECONDS)
    assert requests.get(url, timeout=PATIENCE_SECONDS).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_method_reaches_the_application(url: str, method: str) -> None:
    assert requests.request(method, url, timeout=PATIENCE_SECONDS).headers["X-Method"] == method


def test_large_bodies_arrive_whole_both_ways(url: str) -> None:
    body = b"a" * 2_000_000
    assert requests.post(url, data=body, timeout=PATIENCE_SECONDS).content == body
    assert len(requests.get(f"{url}/?size=2000000", timeout=PATIENCE_SECONDS).content) == 2_000_000


def test_a_body_without_a_length_is_not_guessed_at(url: str) -> None:
    with pytest.raises(requests.ConnectionError):
        requests.post(url, data=iter([b"a", b"b"]), timeout=PATIENCE_SECONDS)


def test_requests_are_answered_side_by_side() -> None:
    both_here = threading.Barrier(2, timeout=PATIENCE_SECONDS)

    def wait(request: Request) -> Response:
        both_here.wait()
        return Response(204)

    with Server(wait) as server:
        answers: list[int] = []
        threads = [
            threading.Thread(
                target=lambda: answers.append(requests.get(server.url, timeout=PATIENCE_SECONDS).status_code)
            )
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
    assert answers == [204, 204]


def test_a_stopped_server_gives_its_port_back() -> None:
    with Server(_application) as server:
        port = int(server.url.rpartition(":")[2])
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))


def test_a_port_in_use_is_an_error_at_once(url: str) -> None:
    with pytest.raises(OSError, match="in use"):
        Server(_application, int(url.rpartition(":")[2]))
