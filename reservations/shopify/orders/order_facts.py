"""Orders: we keep what Shopify tells us as facts, and settle the stock to them.

Whichever webhook brings a fact, the way is the same: we lock the order's row, merge the facts into it, and tell the
engine how the order stands by now. A fact that we knew already changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from reservations import engine
from reservations.models import Shop, ShopifyInstallation, ShopifyOrder, TagState
from reservations.shopify import carts
from reservations.shopify.carts import OrdersCarts
from reservations.shopify.catalogue.line_skus import ShopifyLine
from reservations.shopify.webhooks.headers import moment

from . import line_origin, order_payment, order_story, order_zero
from .order_story import OrderFacts
from .order_zero import FirstWord
from .payment import PaymentNews

# The insert makes the order's row, and the update locks it: the facts of two webhooks are merged one after the other.
_UPSERT = """
INSERT INTO reservations_shopifyorder (shop_id, order_id, name, lines, refunds, edits, cancelled, shortfall_units, tag,
    tag_failures, heard_at)
VALUES (%s, %s, '', '{}', '{}', '{}', false, 0, '', 0, clock_timestamp())
ON CONFLICT (shop_id, order_id) DO UPDATE SET heard_at = clock_timestamp()
"""
# Shopify's word for an order of a till.
TILL = "pos"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An order's lines as of a time. Lines that we ``asked_for``, not a webhook's, show every edit known by then.

    ``units`` are those ordered in all, and those still in the order, lines without a SKU among them.
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


def learn(shop: Shop, *told: News) -> bool:
    """Merge the news, all of one order, into what we know about it and settle the stock; False when nothing was new.

    Raises what :func:`reservations.engine.settle` raises.
    """
    row = _locked(shop.pk, told[0].order_id)
    changed = [_merge(row, news) for news in told]
    found = _close_carts(shop.pk, row, told)
    # An order with a shortfall is settled again at any news: units may have come since.
    if not (any(changed) or found.carts or row.shortfall_units):
        return False
    if row.lines:
        _settle(shop, row, found)
    row.save()
    return True


def knows(shop_id: int, news: News) -> bool:
    """Whether the news would change nothing, which costs a read and no lock."""
    row = ShopifyOrder.objects.filter(shop=shop_id, order_id=news.order_id).first()
    # An order with a shortfall is settled at any news, and lines newer than an edit say whether they show it.
    if row is None or row.settled_at is None or row.shortfall_units or _unseen(row):
        return False
    return not _merge(row, news)


def is_unexplained(shop_id: int, news: News) -> bool:
    """Whether units have left the order while neither the news nor what we know says how."""
    row = ShopifyOrder.objects.filter(shop=shop_id, order_id=news.order_id).first()
    row = row or ShopifyOrder(shop_id=shop_id, order_id=news.order_id)
    _merge(row, news)
    facts = OrderFacts(row.lines, row.refunds, row.returns, list(row.edits.values()))
    return order_story.units_unexplained(facts) > 0


def _locked(shop_id: int, order_id: str) -> ShopifyOrder:
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [shop_id, order_id])
    return ShopifyOrder.objects.get(shop=shop_id, order_id=order_id)


def _merge(row: ShopifyOrder, news: News) -> bool:
    """Add the news to the facts; True if that changed them."""
    known = _known(row)
    row.name = news.name or row.name
    # An order's time never moves, so its turn among those that wait does not either.
    row.paid_at = row.paid_at or news.paid_at
    row.currency = row.currency or news.currency
    row.is_test, row.source = row.is_test or news.is_test, row.source or news.source
    if news.payment is not None:
        order_payment.merge(row, news.payment)
    # For good: an older webhook that comes later does not know of it, and takes nothing back.
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
    """The facts that the stock depends on. The lines' time is none of them, but for edits that they may not show."""
    told = (row.lines, row.refunds, row.returns, row.edits, row.cancelled, row.payments)
    return (*told, order_payment.facts(row), _unseen(row))


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
    """The lines, each with the price that we knew where the news names none: only webhooks do."""
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


def _close_carts(shop_id: int, row: ShopifyOrder, told: Sequence[News]) -> OrdersCarts:
    """Close the carts that have just become this order, so that nothing is held for them any more; returns them."""
    is_first = row.settled_at is None
    holds = [hold for news in told for hold in _holds(news)] if is_first else []
    shopify_cart = next((news.shopify_cart for news in told if news.shopify_cart), "")
    cart_token = next((news.cart_token for news in told if news.cart_token), None)
    found = carts.close_carts(shop_id, row.order_id, shopify_cart, cart_token, holds, is_first=is_first)
    named = cart_token if cart_token in found.carts else None
    row.cart_token = row.cart_token or named or next(iter(found.carts), None)
    # A cart that we closed before may be the shopper's next one by now: we leave it alone.
    return replace(found, carts=[token for token in found.carts if is_first or token != row.cart_token])


def _holds(news: News) -> list[UUID]:
    return [line.hold for line in news.snapshot.lines if line.hold] if news.snapshot else []


def _settle(shop: Shop, row: ShopifyOrder, found: OrdersCarts) -> None:
    facts = OrderFacts(row.lines, row.refunds, row.returns, _unseen(row), row.cancelled)
    story = order_story.order_lines(facts)
    lines = order_zero.beyond(order_payment.settled_lines(row, story), _zero(shop, row, facts))
    is_untold = row.is_test and not shop.tell_test_orders
    order = engine.Order(
        order_id=row.order_id,
        lines=_lacking_nothing(lines) if is_untold else lines,
        carts=found.carts,
        holds=found.holds,
        paid_at=order_payment.turn(row),
        aliases=[alias for alias in (f"gid://shopify/Order/{row.order_id}", row.name) if alias],
        held_until=order_payment.held_until(row, shop),
        is_told=not is_untold,
        takes_holds=shop.till_takes_holds and row.source == TILL,
    )
    settled = engine.settle(shop.pk, order)
    row.committed = order_payment.committed(row, story, settled)
    row.shortfall_units = sum(line.shortfall for line in settled)
    # The first settlement closes the order's carts; later ones only follow refunds and edits.
    row.settled_at = row.settled_at or timezone.now()
    if row.shortfall_units and row.tag in (TagState.NONE, TagState.UNWANTED):
        row.tag, row.tag_retry_at = TagState.WANTED, timezone.now()


def _zero(shop: Shop, row: ShopifyOrder, facts: OrderFacts) -> dict[str, int]:
    """The units by SKU that an order from before the installation had then; none of one that was placed since."""
    installed_at = ShopifyInstallation.objects.filter(shop=shop).values_list("installed_at", flat=True).first()
    # Shopify's times are whole seconds.
    if installed_at is None or row.placed_at is None or row.placed_at >= installed_at.replace(microsecond=0):
        return {}
    if row.settled_at is None:
        row.zero = {"lines": row.lines, "at": row.lines_at.isoformat() if row.lines_at else None}
    # One that an older release has sold whole stays sold.
    if row.zero is None:
        return {}
    if row.zero.get("awaited") or order_payment.awaited_payment(row, installed_at):
        row.zero = {**row.zero, "awaited": True}
        if shop.counts_pending_orders:
            return {}
    first = FirstWord(row.zero["lines"], moment(row.zero["at"] or ""), installed_at)
    return order_zero.zero_of(first, facts, list(row.edits.values()), row.refunded_at)


def _unseen(row: ShopifyOrder) -> list[Mapping[str, Any]]:
    """The edits that the order's lines do not show yet."""
    return [edit for edit in row.edits.values() if _is_unseen(edit, row.lines_at)]


def _lacking_nothing(lines: Sequence[engine.OrderLine]) -> list[engine.OrderLine]:
    """A test order's lines: it takes what there is, and nobody awaits the rest."""
    return [replace(line, awaited=0) for line in lines]


def _is_unseen(edit: Mapping[str, Any], lines_at: datetime | None) -> bool:
    """Whether the lines do not show this edit yet. One of the lines' own second came after them, as edits do."""
    if edit.get("shown"):
        return False
    at = moment(str(edit.get("at", "")))
    return lines_at is None or at is None or at >= lines_at
