"""What an order was when we began to count: its zero, which moves nothing here.

The units of an order from before the installation left the shelf before our first count. So only what happens to such
an order afterwards moves stock. Its zero is what it had of each SKU at the installation: its lines as we first heard of
them, without what a refund, a disposition or an edit had done to them since. What Shopify tells without a time counts
as earlier, or as later where our first lines do not show it. Pure functions.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from reservations.engine import OrderLine
from reservations.shopify.webhooks.headers import moment

from .order_story import Facts, OrderFacts, explained, order_lines


@dataclass(frozen=True, slots=True)
class FirstWord:
    """The order's lines as we first heard of them, as of a time; and when the app was installed."""

    lines: Facts
    at: datetime | None
    installed_at: datetime


def zero_of(
    first: FirstWord, facts: OrderFacts, edits: Collection[Facts], refunded_at: Mapping[str, str]
) -> dict[str, int]:
    """Units by SKU that the order had when the app was installed.

    `facts` are its refunds and returns by now, `edits` all that are known.
    """
    early = _until(facts, refunded_at, first.installed_at)
    shown = _until(facts, refunded_at, first.at)
    later = [edit for edit in edits if _is_shown(edit, first.at) and not _is_before(edit.get("at"), first.installed_at)]
    lines = {line_id: _then(line_id, line, early, shown, later) for line_id, line in first.lines.items()}
    return {line.sku: line.kept for line in order_lines(replace(early, lines=lines)) if line.kept}


def beyond(lines: Collection[OrderLine], zero: Mapping[str, int]) -> list[OrderLine]:
    """What the order has beyond its zero; below zero for units that came back and were sold before we counted."""
    return [
        OrderLine(line.sku, line.kept - zero.get(line.sku, 0), max(0, line.awaited - zero.get(line.sku, 0)))
        for line in lines
    ]


def _then(line_id: str, line: Facts, early: OrderFacts, shown: OrderFacts, later: Collection[Facts]) -> dict[str, Any]:
    """The line without what edits, refunds and returns had done to it since the installation."""
    before = explained(line_id, early)[0]
    removed = line["removed"] - (explained(line_id, shown)[0] - before)
    removed -= sum(edit["removed"].get(line_id, 0) for edit in later)
    # A cancellation's refund says what it takes out; without a refund, nothing says when that was.
    if shown.cancelled:
        removed = min(removed, before)
    added = sum(edit["added"].get(line_id, 0) for edit in later)
    return {**line, "quantity": max(0, line["quantity"] - added), "removed": max(0, removed)}


def _until(facts: OrderFacts, refunded_at: Mapping[str, str], at: datetime | None) -> OrderFacts:
    """The facts from before that time."""
    return replace(
        facts,
        refunds={key: refund for key, refund in facts.refunds.items() if _is_before(refunded_at.get(key), at)},
        returns={key: _return_until(made, at) for key, made in facts.returns.items()},
        edits=[],
    )


def _return_until(made: Facts, at: datetime | None) -> dict[str, Any]:
    lines = {
        line_id: {**line, "restocked": [pair for pair in line["restocked"] if _is_before(pair[0], at)]}
        for line_id, line in made["lines"].items()
    }
    return {**made, "lines": lines}


def _is_shown(edit: Facts, at: datetime | None) -> bool:
    """Whether lines as of that time show the edit; one of their own second, only lines that we asked for do."""
    made = moment(str(edit.get("at", "")))
    return made is not None and at is not None and (made < at or (made == at and bool(edit.get("shown"))))


def _is_before(at: object, limit: datetime | None) -> bool:
    known = moment(at) if isinstance(at, str) else None
    return known is None or limit is None or known < limit
