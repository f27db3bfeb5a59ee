"""The listening part: threads, keep-alive, loopback only, and connections that can be cut on purpose."""

import socket
import struct
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self

from sandbox.web.messages import CutConnection, Request, Response

HOST = "127.0.0.1"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LARGEST_BODY = 32 * 1024 * 1024
IDLE_SECONDS = 120
# Linger on, for no time: close() sends a reset, which the other side sees as a torn connection and not as an end.
RESET = struct.pack("ii", 1, 0)

Application = Callable[[Request], Response]


class Server:
    """Serves `application` on a loopback port, in threads of this process, until stopped."""

    def __init__(self, application: Application, port: int = 0) -> None:
        """Take the port (0: any free one). Raises OSError when it is in use."""
        self._http = _Listener((HOST, port), _handler(application))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """The address, without a slash at its end."""
        return f"http://{HOST}:{self._http.server_address[1]}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more and give the port back."""
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join()
        self._http.server_close()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop."""
        self.stop()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is not worth a traceback."""


class _Handler(BaseHTTPRequestHandler):
    application: ClassVar[Application]
    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True

    def answer(self) -> None:
        """Answer one request, of whatever method."""
        try:
            self._send(type(self).application(self._request()))
        except CutConnection:
            self._cut()

    def log_message(self, *_: object) -> None:
        """The journal is the log."""

    def _request(self) -> Request:
        length = self.headers.get("Content-Length") or "0"
        # A chunked body has no length: the next request on this connection could not be found.
        if "Transfer-Encoding" in self.headers or not length.isdecimal() or int(length) > LARGEST_BODY:
            raise CutConnection
        body = self.rfile.read(int(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, self.path, headers, body, time.monotonic())

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.connection.close()


def _handler(application: Application) -> type[BaseHTTPRequestHandler]:
    methods = {f"do_{method}": _Handler.answer for method in METHODS}
    return type("Handler", (_Handler,), {"application": staticmethod(application), **methods})
