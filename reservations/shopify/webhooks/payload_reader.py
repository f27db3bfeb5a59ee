"""Read a kept payload: each member has the type that it must have, or the error says in a sentence what is wrong."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from plumbing.whole_number import whole_number

from .headers import moment

# More units than any order of a shop has.
MOST_UNITS = 1_000_000


class InvalidPayload(Exception):
    """The payload lacks what its topic must say. A retry changes nothing."""


Payload = Mapping[str, Any]


def identifier(payload: Payload, name: str) -> str:
    """An id at Shopify: a whole number, as text. Raises InvalidPayload."""
    value = payload.get(name)
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if whole_number(text) is None:
        raise InvalidPayload(f"{name} is not an id: {value!r}")
    return text


def units(payload: Payload, name: str, default: int | None = None) -> int:
    """A number of units, 0 or more. Raises InvalidPayload."""
    value = payload.get(name, default)
    value = default if value is None else value
    if type(value) is not int or not 0 <= value <= MOST_UNITS:
        raise InvalidPayload(f"{name} is not a number of units: {value!r}")
    return value


def time(payload: Payload, name: str) -> datetime | None:
    """A time, None when it is absent. Raises InvalidPayload."""
    value = payload.get(name)
    if value is None:
        return None
    parsed = moment(value) if isinstance(value, str) else None
    if parsed is None:
        raise InvalidPayload(f"{name} is not a time: {value!r}")
    return parsed


def rows(payload: Payload, name: str) -> list[Payload]:
    """A list of objects, empty when it is absent. Raises InvalidPayload."""
    value = payload.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise InvalidPayload(f"{name} is not a list of objects")
    return value


def text(payload: Payload, name: str) -> str:
    """Some text, empty when it is absent or something else."""
    value = payload.get(name)
    return value if isinstance(value, str) else ""


def members(payload: Payload, name: str) -> Payload:
    """An object, empty when it is absent or something else."""
    value = payload.get(name)
    return value if isinstance(value, dict) else {}
