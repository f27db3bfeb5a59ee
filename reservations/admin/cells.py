"""A value in a CSV file: plain for programs, harmless for spreadsheets."""

import json
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

# A spreadsheet takes what begins with one of these for a formula, and a SKU or an order may begin with anything.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def cell(value: object) -> str:
    """The value as text: times as ISO 8601 with their offset, in the zone of the service; nothing for None."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case Decimal():
            return f"{value.normalize():f}"
        case datetime():
            return timezone.localtime(value).isoformat()
        case dict() | list():
            return harmless(json.dumps(value, ensure_ascii=False))
        case _:
            return harmless(str(value))


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before one that might be."""
    return f"'{text}" if text.startswith(_FORMULA) else text
