"""A merchant's server: it sends what a test gives it, byte for byte, with its API key."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import orjson
from django.http import HttpResponse
from django.test import Client

from reservations.models import ApiKey, Shop
from tests.factories import make_shop


@dataclass
class Merchant:
    """A shop's own program that speaks to the API."""

    shop: Shop = field(default_factory=make_shop)
    key: str = ""
    language: str | None = None

    def __post_init__(self) -> None:
        if not self.key:
            self.key = ApiKey.issue(self.shop)[1]
        self._client = Client(raise_request_exception=False)

    def fresh(self) -> "Merchant":
        """The same merchant on a connection of its own: one test client serves one thread."""
        return Merchant(self.shop, self.key, self.language)

    def headers(self, more: dict[str, str] | None = None) -> dict[str, str]:
        known = {"Authorization": f"Api-Key {self.key}"}
        if self.language:
            known["Accept-Language"] = self.language
        return known | (more or {})

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self._client.get(path, headers=self.headers(headers))  # type: ignore[return-value]

    def post(self, path: str, body: object = None, *, key: str | None = None, **headers: str) -> HttpResponse:
        """POST `body`, bytes as they are and anything else as JSON; `key` is the idempotency key."""
        sent = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.send("POST", path, sent, **headers)

    def send(self, method: str, path: str, sent: bytes = b"", **headers: str) -> HttpResponse:
        content_type = headers.pop("content_type", "application/json")
        return self._client.generic(  # type: ignore[return-value]
            method, path, sent, content_type=content_type, headers=self.headers(headers)
        )

    def cut_short(self, path: str, *, announced: int) -> HttpResponse:
        """Send a POST whose connection ends before all announced bytes have come."""
        environ: dict[str, Any] = {
            "CONTENT_LENGTH": str(announced),
            "CONTENT_TYPE": "application/json",
            "wsgi.input": BytesIO(),
        }
        return self._client.post(path, headers=self.headers(), **environ)  # type: ignore[return-value]

    def reserve(self, sku: str = "SKU-1", quantity: int = 1, **members: object) -> dict[str, Any]:
        """Reserve and return the answer's body; fails unless the status is 200."""
        response = self.post(f"/stock/{sku}/reserve", {"quantity": quantity, **members})
        assert response.status_code == 200, response.content
        return body_of(response)


def body_of(response: HttpResponse) -> dict[str, Any]:
    """The JSON of an answer."""
    assert response["Content-Type"] == "application/json", (response["Content-Type"], response.content[:200])
    body: dict[str, Any] = orjson.loads(response.content)
    return body


def outcome(response: HttpResponse) -> tuple[int, str | None]:
    """The status, and the code of an error."""
    body = body_of(response)
    return response.status_code, body.get("code")
