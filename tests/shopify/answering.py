"""A Shopify that gives one answer to everything, such as the real one never should."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
from pytest_django import Settings

DRIP_SECONDS = 0.1


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    answer: tuple[int, bytes] = 200, b""
    drips_seconds = 0.0
    asked: list[str]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(self.path)
        status, body = self.server.answer
        self.send_response(status)
        self._drip()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        with suppress(OSError):
            for _ in range(int(self.server.drips_seconds / DRIP_SECONDS)):
                self.send_header("X-More", "to come")
                self.flush_headers()
                time.sleep(DRIP_SECONDS)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def answering(settings: Settings, status: int, body: object, *, drips_seconds: float = 0.0) -> Iterator[list[str]]:
    """Lead the service to a Shopify that answers `status` and `body` to each POST; yields the paths that were asked.

    With `drips_seconds` the headers come one by one for so long.
    """
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.answer = status, body if isinstance(body, bytes) else orjson.dumps(body)
        server.asked, server.drips_seconds = [], drips_seconds
        threading.Thread(target=server.serve_forever, daemon=True).start()
        before, settings.SHOPIFY_ADMIN_URL = settings.SHOPIFY_ADMIN_URL, f"http://127.0.0.1:{server.server_port}"
        try:
            yield server.asked
        finally:
            settings.SHOPIFY_ADMIN_URL = before
            server.shutdown()
