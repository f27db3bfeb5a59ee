"""What an order has of each SKU, computed from the facts that are known of it.

A pure function of facts that only add up, so that the same facts mean the same stock whatever order they came in:

* what left the shelf: the units ordered, with the additions of edits and of exchanges;
* what came back to it: units that a refund or a return put back, and units that left the order though neither says what
  became of them, as when an edit takes them out. Never more than were ordered;
* what the customer awaits: the units ordered less all that were paid back, sent back or taken out, and nothing once
  cancelled.

A unit of a return counts once, though its return says that it is on the shelf, and its refund too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reservations.engine import OrderLine

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What is known of an order.

    ``lines`` by id: ``sku``, units ``quantity`` ordered and units ``removed`` by refunds, returns and edits; ``moves``
    False for one whose units were never on the shelf. ``refunds`` by id: for each line ``all`` its units and those
    ``restocked``. ``returns`` by id: the ids of its ``refunds``, and for each of its ``lines`` the units ``processed``,
    and when which were ``restocked`` (pairs). ``edits`` are only those that the lines do not show yet, each with the
    units ``added`` and ``removed`` by line.
    """

    lines: Facts
    refunds: Facts = field(default_factory=dict)
    returns: Facts = field(default_factory=dict)
    edits: Iterable[Facts] = ()
    cancelled: bool = False


def order_lines(facts: OrderFacts) -> list[OrderLine]:
    """The order's lines by SKU."""
    totals: dict[str, tuple[int, int]] = {}
    for line_id, line in facts.lines.items():
        if not line.get("moves", True):
            continue
        kept, awaited = _line(line_id, line, facts)
        before = totals.get(line["sku"], (0, 0))
        totals[line["sku"]] = before[0] + kept, before[1] + (0 if facts.cancelled else awaited)
    return [OrderLine(sku, kept, awaited) for sku, (kept, awaited) in totals.items()]


def units_unexplained(facts: OrderFacts) -> int:
    """Units that left the order and that no refund, return or edit explains (here ``edits`` are all that we know)."""
    return sum(
        max(0, line["removed"] - explained(line_id, facts)[0] - _removed(line_id, facts.edits))
        for line_id, line in facts.lines.items()
        if line["removed"]
    )


def explained(line_id: str, facts: OrderFacts) -> tuple[int, int]:
    """Units of a line that refunds and returns account for, and those of them that are back on the shelf."""
    in_returns = {refund_id for made in facts.returns.values() for refund_id in made["refunds"]}
    loose = [refund for refund_id, refund in facts.refunds.items() if refund_id not in in_returns]
    units, restocked = _refunded(line_id, loose)
    for made in facts.returns.values():
        own = _refunded(line_id, [facts.refunds[each] for each in made["refunds"] if each in facts.refunds])
        line = made["lines"].get(line_id, {})
        back = max(own[1], sum(some for _, some in line.get("restocked", ())))
        units += max(own[0], line.get("processed", 0), back)
        restocked += back
    return units, restocked


def _line(line_id: str, line: Facts, facts: OrderFacts) -> tuple[int, int]:
    gone, restocked = explained(line_id, facts)
    ordered = line["quantity"] + sum(edit["added"].get(line_id, 0) for edit in facts.edits)
    removed = line["removed"] + _removed(line_id, facts.edits)
    # What an edit takes out comes with a refund that says whether it is back on the shelf; without one, it is.
    taken_out = max(0, removed - gone)
    kept = max(0, ordered - restocked - taken_out)
    # Nobody awaits a unit that is back on the shelf, whatever a refund says of money.
    return kept, min(kept, max(0, ordered - gone - taken_out))


def _refunded(line_id: str, refunds: Iterable[Facts]) -> tuple[int, int]:
    rows = [refund[line_id] for refund in refunds if line_id in refund]
    return sum(row["all"] for row in rows), sum(row["restocked"] for row in rows)


def _removed(line_id: str, edits: Iterable[Facts]) -> int:
    return sum(edit["removed"].get(line_id, 0) for edit in edits)
