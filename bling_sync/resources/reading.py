"""Reading values out of answers: a row that lacks what it must have is left out, never guessed."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

_LARGEST_ID = 2**63 - 1


def rows(data: object) -> Iterator[dict[str, Any]]:
    """The objects of a list; nothing of anything else."""
    for row in data if isinstance(data, list) else []:
        if isinstance(row, dict):
            yield row


def part(row: object, name: str) -> dict[str, Any]:
    """An object inside, an empty one where there is none."""
    value = row.get(name) if isinstance(row, dict) else None
    return value if isinstance(value, dict) else {}


def identifier(value: object) -> int | None:
    """A positive id, also one that came as text."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return number if 0 < number <= _LARGEST_ID else None


def number(value: object) -> Decimal | None:
    """A finite number within reason, also one that came as text."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    if not found.is_finite() or abs(found) >= Decimal(10) ** 9:
        return None
    return round(found, 4)


def text(value: object, longest: int = 255) -> str:
    """A text without what a database cannot store; nothing of anything else."""
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "replace").decode()[:longest]
