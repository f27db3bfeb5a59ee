"""Takes values out of Bling's answers: leaves out a row that lacks what it must have, and never guesses."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from bling_sync.errors import ReadFailed
from bling_sync.storable_text import storable
from plumbing.whole_number import whole_number

_LARGEST_ID = 2**63 - 1
_LARGEST_NUMBER = 10**9
# Where an answer says yes or no: as Bling writes it, and as others do.
_YES = (True, 1, "1", "true", "S")


def listed(data: object) -> list[dict[str, Any]]:
    """The objects of an answer's list. Raises ReadFailed where there is none: no list is not an empty list."""
    if data is not None and not isinstance(data, list):
        raise ReadFailed("Bling's answer has no list in it")
    return list(rows(data))


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
    return whole_number(str(value)) or None


def number(value: object) -> Decimal | None:
    """A finite number within reason, also one that came as text."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        found = Decimal(value)
        return round(found, 4) if found.is_finite() and -_LARGEST_NUMBER < found < _LARGEST_NUMBER else None
    except (ArithmeticError, ValueError):
        return None


def is_yes(value: object) -> bool:
    """Whether it says yes, in whatever way."""
    return value in _YES


def is_active(value: object) -> bool:
    """Whether a `situacao` of 0 or 1 means an active row; a row without one does, since we asked for those."""
    return value is None or is_yes(value)


def text(value: object, longest: int = 255) -> str:
    """A text without what a database cannot store; nothing of anything else."""
    return storable(value, longest)


def label(value: object, longest: int = 255) -> str:
    """A text that names something, also where it came as a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)[:longest] if abs(value) <= _LARGEST_ID else ""
    return text(value, longest)
