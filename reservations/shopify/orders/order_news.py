"""What one message tells about an order, and how we merge it into what we know.

Messages leave the same facts in whatever order they come: the later time and the larger number win, an id shows what we
know already, and what is true for good stays true.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from reservations.models import ShopifyOrder
from reservations.shopify.catalogue.line_skus import ShopifyLine
from reservations.shopify.webhooks.headers import moment

from . import line_origin, order_payment
from .payment import PaymentNews


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An order's lines as of a time. Lines that we ``asked_for`` show every edit known by then; a webhook's may not.

    ``units`` are those ordered in all and those still in the order, with lines that have no SKU.
    """

    lines: Sequence[ShopifyLine]
    at: datetime | None
    asked_for: bool = False
    units: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What one webhook tells about an order; what it leaves out is empty here.

    ``refunds`` by id: for each line id ``all`` units and those ``restocked``; ``refunded_at`` by the same ids.
    ``edits`` by id: ``at``, and by line id the units ``added`` and ``removed``. ``returns`` by id: the ids of the
    ``refunds`` made for it, and for each of its ``lines`` the units ``processed`` and when which were ``restocked``.
    """

    order_id: str
    name: str = ""
    confirmation: str = ""
    snapshot: Snapshot | None = None
    refunds: Mapping[str, Any] = field(default_factory=dict)
    edits: Mapping[str, Any] = field(default_factory=dict)
    returns: Mapping[str, Any] = field(default_factory=dict)
    refunded_at: Mapping[str, str] = field(default_factory=dict)
    cancelled: bool = False
    shopify_cart: str = ""
    cart_token: UUID | None = None
    paid_at: datetime | None = None
    currency: str = ""
    is_test: bool = False
    source: str = ""
    payment: PaymentNews | None = None


def merge(row: ShopifyOrder, news: News) -> bool:
    """Add the news to the facts; True if that changed them."""
    known = _known(row)
    row.name = news.name or row.name
    row.confirmation = news.confirmation or row.confirmation
    # An order's time never moves, so its turn among those that wait does not either.
    row.paid_at = row.paid_at or news.paid_at
    row.currency = row.currency or news.currency
    row.is_test, row.source = row.is_test or news.is_test, row.source or news.source
    if news.payment is not None:
        order_payment.merge(row, news.payment)
    # For good: an older webhook that comes later knows nothing of it and takes nothing back.
    row.cancelled = row.cancelled or news.cancelled
    row.refunds = _join_refunds(row.refunds, news.refunds)
    row.refunded_at = {**news.refunded_at, **row.refunded_at}
    row.returns = _join_returns(row.returns, news.returns)
    # What we knew wins: an edit that was marked as shown stays so when its webhook comes again.
    row.edits = {**news.edits, **row.edits}
    if news.snapshot is not None and news.snapshot.lines:
        _merge_lines(row, news.snapshot)
    return known != _known(row)


def _known(row: ShopifyOrder) -> tuple[object, ...]:
    """The facts that the stock, or its customer's page, depends on.

    The lines' time counts only for edits that they may not show.
    """
    told = (row.lines, row.refunds, row.returns, row.edits, row.cancelled, row.payments, row.confirmation)
    return (*told, order_payment.facts(row), unseen(row))


def _merge_lines(row: ShopifyOrder, snapshot: Snapshot) -> None:
    """Keep the newest state of the lines. Of two states of one second, keep the larger numbers: they happened later."""
    lines = line_origin.as_first_heard(row.shop_id, _with_prices(_facts(snapshot.lines), row.lines), row.lines)
    if row.lines_at is None or snapshot.at is None or snapshot.at > row.lines_at:
        row.lines = lines
    elif snapshot.at == row.lines_at:
        row.lines = _join(row.lines, lines)
    else:
        return
    row.lines_at = snapshot.at or row.lines_at
    row.ordered_units, row.current_units = snapshot.units or (None, None)
    if snapshot.asked_for:
        row.edits = {edit_id: {**edit, "shown": True} for edit_id, edit in row.edits.items()}


def _facts(lines: Sequence[ShopifyLine]) -> dict[str, Any]:
    return {
        line.line_id: {"sku": line.sku, "quantity": line.quantity, "removed": max(0, line.quantity - line.current)}
        | ({"price": line.price} if line.price else {})
        | ({} if line.moves else {"moves": False})
        for line in lines
    }


def _with_prices(told: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The lines, each with the price that we knew if the news names none: only webhooks name prices."""
    prices = {line_id: {"price": line["price"]} for line_id, line in known.items() if "price" in line}
    return {line_id: prices.get(line_id, {}) | line for line_id, line in told.items()}


def _join(known: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    joined = dict(known)
    for line_id, line in told.items():
        other = joined.get(line_id, line)
        joined[line_id] = {**line, **{name: max(line[name], other[name]) for name in ("quantity", "removed")}}
    return joined


def _join_refunds(known: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """Join refunds by id. A refund never changes, but one that we asked for may show only the first of its lines."""
    joined = dict(known)
    for refund_id, lines in told.items():
        joined[refund_id] = {**lines, **joined.get(refund_id, {})}
    return joined


def _join_returns(known: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    """Join returns by id. Of each line the larger numbers stay: what was processed or restocked remains so."""
    joined = dict(known)
    for return_id, made in told.items():
        other = joined.get(return_id, {"refunds": [], "lines": {}})
        lines = dict(other["lines"])
        for line_id, line in made["lines"].items():
            before = lines.get(line_id, {"processed": 0, "restocked": []})
            lines[line_id] = {
                "processed": max(line["processed"], before["processed"]),
                "restocked": max(line["restocked"], before["restocked"], key=_units),
            }
        refunds = list(dict.fromkeys([*other["refunds"], *made["refunds"]]))
        joined[return_id] = {"refunds": refunds, "lines": lines}
    return joined


def _units(restocked: Sequence[Sequence[Any]]) -> int:
    return sum(pair[1] for pair in restocked)


def unseen(row: ShopifyOrder) -> list[Mapping[str, Any]]:
    """The edits that the order's lines do not show yet."""
    return [edit for edit in row.edits.values() if _is_unseen(edit, row.lines_at)]


def _is_unseen(edit: Mapping[str, Any], lines_at: datetime | None) -> bool:
    """Whether the lines do not show this edit yet. An edit of the lines' own second counts as later than they are."""
    if edit.get("shown"):
        return False
    at = moment(str(edit.get("at", "")))
    return lines_at is None or at is None or at >= lines_at
