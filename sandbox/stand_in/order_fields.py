"""The fields of an order to a stand-in, read strictly: a misspelt name must not pass for one left out."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from typing import Any, TypeVar

from sandbox.web.messages import Refusal, Request, Response, json_response

T = TypeVar("T")


def refuse(detail: str) -> Refusal:
    """The answer to an order that the stand-in does not understand."""
    return Refusal(json_response(400, {"detail": detail}))


def order(request: Request) -> dict[str, Any]:
    """The order's fields. Raises Refusal."""
    try:
        body = request.json() if request.body else {}
    except ValueError:
        raise refuse("the body is not JSON") from None
    if not isinstance(body, dict):
        raise refuse("a JSON object is needed")
    return body


def build(cls: type[T], values: Any, /, **more: Any) -> T:
    """Make the dataclass `cls` of a JSON object's fields. Raises Refusal when a name is unknown or missing."""
    assert is_dataclass(cls)
    known = {field.name: field for field in fields(cls) if field.init}
    _check_names(values, set(known) - set(more))
    needed = {n for n, field in known.items() if field.default is MISSING and field.default_factory is MISSING}
    if missing := needed - set(values) - set(more):
        raise refuse(f"missing: {', '.join(sorted(missing))}")
    return cls(**{name: _plain(value) for name, value in values.items()}, **more)


def update(target: Any, values: Any) -> None:
    """Set fields of the dataclass `target`. Raises Refusal when a name is unknown; then nothing is set."""
    _check_names(values, {field.name for field in fields(target) if field.init})
    for name, value in values.items():
        setattr(target, name, _plain(value))


def _check_names(values: Any, known: set[str]) -> None:
    if not isinstance(values, Mapping):
        raise refuse("a JSON object is needed")
    if unknown := set(values) - known:
        raise refuse(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return float(value) if isinstance(value, Decimal) else value


def no_content() -> Response:
    """The answer to an order that is carried out and has nothing to report."""
    return Response(204)
