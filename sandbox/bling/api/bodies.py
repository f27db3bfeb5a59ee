"""Reading the bodies of writes: strictly, so that a misspelt name never passes for a value left out."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.bling.errors import invalid, missing, refuse
from sandbox.web import Request


def read(request: Request) -> dict[str, Any]:
    """The body as an object. Raises Refusal."""
    if not request.body.strip():
        raise refuse(400, "EMPTY_REQUEST_BODY", "O corpo da requisição está vazio")
    if "json" not in request.headers.get("content-type", ""):
        raise refuse(400, "INVALID_REQUEST_BODY", "O corpo da requisição não é JSON")
    try:
        body = request.json()
    except ValueError:
        raise refuse(400, "INVALID_REQUEST_BODY", "O corpo da requisição é inválido") from None
    if not isinstance(body, dict):
        raise refuse(400, "INVALID_REQUEST_BODY", "O corpo da requisição é inválido")
    return body


def only(body: dict[str, Any], known: Collection[str]) -> None:
    """Refuse names that mean nothing."""
    for name in body:
        if name not in known:
            raise invalid(name, f"O campo {name} não é reconhecido.")


def within(body: dict[str, Any], name: str) -> dict[str, Any]:
    """An object inside. Raises Refusal."""
    value = given(body, name)
    if not isinstance(value, dict):
        raise invalid(name, f"O campo {name} é inválido.")
    return value


def reference(body: dict[str, Any], name: str) -> int:
    """The id inside an object such as `{"produto": {"id": 1}}`. Raises Refusal."""
    value = within(body, name).get("id")
    if value is None:
        raise missing(f"{name}.id")
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid(f"{name}.id", f"O campo {name}.id é inválido.")
    return value


def amount(body: dict[str, Any], name: str) -> Decimal:
    """A number: JSON's, not a text. Raises Refusal."""
    value = given(body, name)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise invalid(name, f"O campo {name} é inválido.")
    return Decimal(value)


def text(body: dict[str, Any], name: str, default: str | None = None) -> str:
    """A text. Raises Refusal when it is none, or not there without a default."""
    value = body.get(name, default)
    if value is None:
        raise missing(name)
    if not isinstance(value, str):
        raise invalid(name, f"O campo {name} é inválido.")
    return value


def day(body: dict[str, Any], name: str) -> str:
    """A date. Raises Refusal."""
    value = text(body, name)
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise invalid(name, "Data inválida.") from None


def rows(body: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """A list of objects with at least one. Raises Refusal."""
    value = given(body, name)
    if not isinstance(value, list) or not value or not all(isinstance(row, dict) for row in value):
        raise invalid(name, f"O campo {name} é inválido.")
    return value


def given(body: dict[str, Any], name: str) -> Any:
    """A value that must be there. Raises Refusal."""
    if body.get(name) is None:
        raise missing(name)
    return body[name]
