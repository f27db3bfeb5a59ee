"""A stand-in of OSV: the advisories that a test gives it, at a port of its own."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Told = Mapping[str, Any]


def advisory(name: str, package: str, *, days_old: float, fixed: str | None, **more: object) -> dict[str, Any]:
    """An advisory as OSV spells it."""
    events = [{"introduced": "0"}, *([{"fixed": fixed}] if fixed else [])]
    affected = {"package": {"name": package, "ecosystem": "PyPI"}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
    published = (datetime.now(UTC) - timedelta(days=days_old)).isoformat().replace("+00:00", "Z")
    return {"id": name, "published": published, "affected": [affected], **more}


class _Osv(BaseHTTPRequestHandler):
    """Answers the two calls that the check makes."""

    def __init__(self, known: list[Told], answers: Told, *arguments: Any) -> None:
        self.known, self.answers = known, answers
        super().__init__(*arguments)

    def do_POST(self) -> None:
        queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        self._say(self.answers or {"results": [self._of(query) for query in queries]})

    def do_GET(self) -> None:
        self._say(next(told for told in self.known if self.path == f"/v1/vulns/{told['id']}"))

    def _of(self, query: Told) -> dict[str, Any]:
        """The names of a package's advisories, each on a page of its own."""
        names = [t["id"] for t in self.known if t["affected"][0]["package"]["name"] == query["package"]["name"]]
        page = int(query.get("page_token", 0))
        more = {"next_page_token": str(page + 1)} if page + 1 < len(names) else {}
        return {"vulns": [{"id": name} for name in names[page : page + 1]], **more} if names else {}

    def _say(self, answer: Told) -> None:
        body = json.dumps(answer).encode()
        self.send_response(int(answer.get("status", 200)))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def source(*known: Told, answers: Told | None = None) -> Iterator[str]:
    """The address of one that knows these; `answers` replaces what it says of packages."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Osv, list(known), answers or {}))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
