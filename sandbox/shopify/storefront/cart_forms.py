"""The ways in which themes write to the cart: JSON, a form, or a multipart form, with brackets in the names."""

import re
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl

from sandbox.shopify.shopper_carts import cart_error
from sandbox.web import Request

_BRACKETS = re.compile(r"\[([^\]]*)\]")


def body_of(request: Request) -> dict[str, Any]:
    """The fields of a request; `items[0][id]` becomes a list of objects. Raises Refusal."""
    kind = request.headers.get("content-type", "")
    if "json" in kind:
        try:
            found = request.json() if request.body else {}
        except ValueError:
            raise cart_error(400, "The request is not JSON.") from None
        if not isinstance(found, dict):
            raise cart_error(400, "An object is needed.")
        return found
    pairs = _multipart(request.body, kind) if "multipart" in kind else parse_qsl(request.body.decode(errors="replace"))
    return _nested(pairs)


def number(value: Any, otherwise: int) -> int:
    """A quantity or an id, however it was written. Raises Refusal."""
    if value in (None, ""):
        return otherwise
    try:
        return int(str(value))
    except ValueError:
        raise cart_error(400, "A number is needed.") from None


def texts(value: Any) -> dict[str, str]:
    """Properties or attributes: an object of texts. Empty ones are left out."""
    pairs = value.items() if isinstance(value, dict) else ()
    return {str(name): str(text) for name, text in pairs if text not in (None, "")}


def rows(value: Any) -> list[dict[str, Any]]:
    """A list of objects, which a form writes as an object with numbers for names."""
    found = list(value.values()) if isinstance(value, dict) else value
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _multipart(body: bytes, kind: str) -> list[tuple[str, str]]:
    message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    parts = message.get_payload() if message.is_multipart() else []
    return [(_name(part), _text(part)) for part in parts if hasattr(part, "get_param")]


def _name(part: Any) -> str:
    return str(part.get_param("name", "", header="content-disposition"))


def _text(part: Any) -> str:
    raw = part.get_payload(decode=True)
    return raw.decode(errors="replace") if isinstance(raw, bytes) else ""


def _nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for name, value in pairs:
        path = [name.partition("[")[0], *_BRACKETS.findall(name)]
        place = body
        for step in path[:-1]:
            inner = place.setdefault(step, {})
            place = inner if isinstance(inner, dict) else {}
        last = path[-1] or str(len(place))
        place[last] = value
    return body
