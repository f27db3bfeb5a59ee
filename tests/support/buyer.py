"""A program that buys over HTTP, on one connection that it keeps."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from .patience import PATIENCE_SECONDS


@dataclass(frozen=True)
class Answer:
    """An answer of the service, parsed."""

    status: int
    body: dict[str, Any]
    retry_after: str | None = None

    @property
    def code(self) -> str:
        """``ok``, or the refusal's code."""
        return "ok" if self.status == 200 else str(self.body["code"])


class Buyer:
    """Sends requests with an API key. Raises OSError or http.client.HTTPException when no answer came."""

    def __init__(self, port: int, api_key: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        self._headers = {"Authorization": f"Api-Key {api_key}", "Content-Type": "application/json"}

    def reserve(self, sku: str, quantity: int = 1, *, key: str | None = None) -> Answer:
        return self.post(f"/stock/{quote(sku, safe='')}/reserve", {"quantity": quantity}, key=key)

    def confirm(self, reservation_id: str, *, key: str | None = None) -> Answer:
        return self.post("/stock/confirm", {"reservation_id": reservation_id}, key=key)

    def post(self, path: str, body: dict[str, object], *, key: str | None = None) -> Answer:
        return self.send("POST", path, json.dumps(body).encode(), {"Idempotency-Key": key} if key else {})

    def get(self, path: str) -> Answer:
        return self.send("GET", path, None, {})

    def send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        """Send one request and return the answer, which must be whole and JSON."""
        self.ask(method, path, body, headers)
        return self.answer()

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> None:
        """Send one request, and leave its answer for later."""
        with self._closed_on_failure():
            self._connection.request(method, path, body, self._headers | headers)

    def answer(self) -> Answer:
        """The answer to what was asked, which must be whole and JSON."""
        with self._closed_on_failure():
            response = self._connection.getresponse()
            return Answer(response.status, json.loads(response.read()), response.headers.get("Retry-After"))

    @contextmanager
    def _closed_on_failure(self) -> Iterator[None]:
        try:
            yield
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        self._connection.close()
