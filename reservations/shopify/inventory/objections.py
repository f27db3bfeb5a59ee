"""Read from Shopify's ``userErrors`` which levels of a call it objects to, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plumbing.whole_number import whole_number
from reservations.shopify.errors import UserErrors

# The first try is still under way: we may send the same key again.
UNDER_WAY = {"IDEMPOTENCY_CONCURRENT_REQUEST", "SERVICE_UNAVAILABLE"}
# No single level is to blame for these.
OF_ALL = {"INVALID_REASON", "INVALID_NAME"}
_STALE = {"CHANGE_FROM_QUANTITY_STALE", "COMPARE_QUANTITY_STALE"}
_LIST = "quantities"


@dataclass(frozen=True, slots=True)
class Objection:
    """Why Shopify refuses one level. A stale one was moved by somebody else."""

    is_stale: bool
    problem: str


def objections_by_item(error: UserErrors, items: Sequence[int]) -> dict[int, Objection]:
    """Shopify's objections to single `items`, which we sent in this order; empty when it names none of them."""
    found: dict[int, Objection] = {}
    for one in error.errors:
        place = _place(one)
        if place is None and len(items) == 1:
            place = 0
        if place is not None and place < len(items):
            code = str(one.get("code") or "")
            found[items[place]] = Objection(code in _STALE, f"UserErrors: {code} {one.get('message', '')}".strip())
    return found


def _place(error: Mapping[str, Any]) -> int | None:
    """The index in ``["input", "quantities", "3", ...]``."""
    field = error.get("field")
    parts = [str(part) for part in field] if isinstance(field, list) else []
    index = parts[parts.index(_LIST) + 1] if _LIST in parts[:-1] else ""
    return whole_number(index)
