"""A server that answers as no server should: raw bytes, on loopback."""

import json
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

Answer = Callable[[socket.socket], None]
HTML = b"<html><title>502 Bad Gateway</title></html>"
DRIP_SECONDS = 0.1


def plain(status: str, body: bytes = b"", *headers: str) -> Answer:
    """An answer with this status line, body and headers."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return raw("\r\n".join([*head, "", ""]).encode() + body)


def said(data: object, status: str = "200 OK") -> Answer:
    """JSON as Bling wraps it."""
    return plain(status, json.dumps({"data": data}).encode(), "Content-Type: application/json")


def raw(content: bytes) -> Answer:
    """Send these bytes and hang up."""
    return lambda connection: connection.sendall(content)


def dripping(content: bytes) -> Answer:
    """Send these bytes one by one, each well before any timeout, and never the last."""

    def drip(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in content * 1_000:
            connection.sendall(bytes([byte]))
            time.sleep(DRIP_SECONDS)

    return drip


def reset(connection: socket.socket) -> None:
    """Reset the connection."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: Any = self.server
        start = self.rfile.readline().decode("latin-1").split(" ")
        length = 0
        while (line := self.rfile.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        self.rfile.read(length)
        server.strange.requests.append(" ".join(start[:2]))
        try:
            server.strange.answer(self.connection)
        except OSError:
            return


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True


class Strange:
    """Listens for the length of a `with`; every request gets `answer` and is noted in `requests`."""

    def __init__(self) -> None:
        self.answer: Answer = plain("200 OK")
        self.requests: list[str] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.strange = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/Api/v3"

    def __enter__(self) -> Self:
        """Listen."""
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
