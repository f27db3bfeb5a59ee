"""One HTTP request as the stand-in received it, and one answer as it will be sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """A request: raw body bytes, headers by lower-case name, query values by name in their order."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""
    received_at: float = 0.0
    path: str = field(init=False)
    query: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        """Take path and query out of the target."""
        parts = urlsplit(self.target)
        object.__setattr__(self, "path", parts.path)
        object.__setattr__(self, "query", parse_qs(parts.query, keep_blank_values=True))

    def one(self, name: str) -> str | None:
        """The last value of a query parameter, None when it is not there."""
        values = self.query.get(name)
        return values[-1] if values else None

    def form(self) -> dict[str, str]:
        """The fields of a form or of a flat JSON object, whichever the body is; the last value of each."""
        if "json" in self.headers.get("content-type", ""):
            found = self.json()
            return {name: str(value) for name, value in found.items()} if isinstance(found, dict) else {}
        return {name: values[-1] for name, values in parse_qs(self.body.decode(errors="replace")).items()}

    def json(self) -> Any:
        """The body as JSON, non-integers as Decimal. Raises ValueError."""
        return json.loads(self.body.decode(), parse_float=Decimal, parse_constant=_refuse)


@dataclass(frozen=True)
class Response:
    """An answer. `Content-Length` is added when it is sent."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class CutConnection(Exception):
    """The connection is reset instead of an answer."""


class Refusal(Exception):
    """An answer other than success, raised where it is decided."""

    def __init__(self, response: Response) -> None:
        """Keep the answer to give."""
        super().__init__(response.status)
        self.response = response


def json_response(status: int, value: Any, headers: Mapping[str, str] | None = None) -> Response:
    """An answer of `value` as JSON. Decimals become numbers, as the real services print them."""
    body = json.dumps(value, ensure_ascii=False, default=_number).encode()
    return Response(status, body, {"Content-Type": "application/json", **(headers or {})})


def _number(value: Any) -> int | float:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _refuse(text: str) -> float:
    raise ValueError(f"{text} is not JSON")
