"""What an order has of each SKU, computed from the facts that are known of it.

A pure function of facts that only add up, so that the same facts mean the same stock whatever order they came in:

* what left the shelf: the units ordered, with the additions of edits;
* what came back to it: units that a refund restocked, and units that an edit took out of the order without a refund
  saying what became of them. Never more than were ordered;
* what the customer awaits: the units ordered less all that were paid back or taken out, and nothing once cancelled.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from reservations.engine import OrderLine

Facts = Mapping[str, Any]


def order_lines(lines: Facts, refunds: Facts, edits: Iterable[Facts], *, cancelled: bool) -> list[OrderLine]:
    """The order's lines by SKU.

    `lines` by id: ``sku``, units ``quantity`` ordered and units ``removed`` by refunds and edits; ``moves`` False for
    one whose units were never on the shelf. `refunds` by id: for
    each line ``all`` its units and those ``restocked``. `edits` are only those that the lines do not show yet, each
    with the units ``added`` and ``removed`` by line.
    """
    unseen = list(edits)
    totals: dict[str, tuple[int, int]] = {}
    for line_id, line in lines.items():
        if not line.get("moves", True):
            continue
        kept, awaited = _line(line_id, line, refunds, unseen)
        before = totals.get(line["sku"], (0, 0))
        totals[line["sku"]] = before[0] + kept, before[1] + (0 if cancelled else awaited)
    return [OrderLine(sku, kept, awaited) for sku, (kept, awaited) in totals.items()]


def _line(line_id: str, line: Facts, refunds: Facts, unseen: list[Facts]) -> tuple[int, int]:
    refunded = sum(refund.get(line_id, {}).get("all", 0) for refund in refunds.values())
    restocked = sum(refund.get(line_id, {}).get("restocked", 0) for refund in refunds.values())
    ordered = line["quantity"] + sum(edit["added"].get(line_id, 0) for edit in unseen)
    removed = line["removed"] + sum(edit["removed"].get(line_id, 0) for edit in unseen)
    # What an edit takes out comes with a refund that says whether it is back on the shelf; without one, it is.
    unexplained = max(0, removed - refunded)
    kept = max(0, ordered - restocked - unexplained)
    # Nobody awaits a unit that is back on the shelf, whatever a refund says of money.
    return kept, min(kept, max(0, ordered - refunded - unexplained))
