"""Orders: we keep what Shopify tells us as facts, and settle the stock to match them.

Whichever webhook brings a fact, we do the same: lock the order's row, merge the facts into it, and tell the engine how
the order stands now. A fact that we knew already changes nothing.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from reservations import engine
from reservations.models import Shop, ShopifyInstallation, ShopifyOrder, TagState
from reservations.shopify.closed_carts import Closing, OrdersCarts, close_carts
from reservations.shopify.webhooks.headers import moment

from . import order_news, order_payment, order_story, order_zero
from .order_news import News
from .order_story import OrderFacts
from .order_zero import FirstWord

# The insert makes the orders' rows, and the update locks them, in one sequence for all: the facts of two webhooks are
# merged one after the other.
_UPSERT = """
INSERT INTO reservations_shopifyorder (shop_id, order_id, name, lines, refunds, edits, cancelled, shortfall_units, tag,
    tag_failures, heard_at)
SELECT %s, order_id, '', '{}', '{}', '{}', false, 0, '', 0, clock_timestamp()
FROM unnest(%s::text[]) AS told(order_id) ORDER BY order_id
ON CONFLICT (shop_id, order_id) DO UPDATE SET heard_at = clock_timestamp()
"""
# What Shopify names as the source of an order made at a till.
TILL = "pos"
_KEY = ("shop", "order_id")
_COLUMNS = [field.name for field in ShopifyOrder._meta.concrete_fields if field.name not in ("id", *_KEY)]


def learn(shop: Shop, *told: News) -> bool:
    """Merge the news, all about one order, into what we know and settle the stock; False when nothing was new.

    Raises what :func:`reservations.engine.settle` raises.
    """
    return learn_in_turn(shop, [told])[0]


def learn_in_turn(shop: Shop, told: Sequence[Sequence[News]]) -> list[bool]:
    """Learn the news of several orders in turn in one transaction, as if each came in one of its own.

    `told` has for each order all news of it, and each order once. Raises what :func:`reservations.engine.settle`
    raises; nothing was learned then.
    """
    if not told:
        return []
    rows = _locked(shop.pk, [news[0].order_id for news in told])
    changed = [[order_news.merge(row, each) for each in news] for row, news in zip(rows, told, strict=True)]
    found = _close_carts(shop.pk, rows, told)
    # An order with a shortfall is settled again at any news: units may have come since.
    learned = [
        any(merged) or bool(of_order.carts) or bool(row.shortfall_units)
        for row, merged, of_order in zip(rows, changed, found, strict=True)
    ]
    new = [(row, of_order) for row, of_order, is_new in zip(rows, found, learned, strict=True) if is_new]
    _settle(shop, [(row, of_order) for row, of_order in new if row.lines])
    _save([row for row, _ in new])
    return learned


def known(shop_id: int, order_ids: Sequence[str]) -> dict[str, ShopifyOrder]:
    """What we know of these orders, by id. One read, and no lock."""
    return {row.order_id: row for row in ShopifyOrder.objects.filter(shop=shop_id, order_id__in=order_ids)}


def knows(row: ShopifyOrder | None, news: News) -> bool:
    """Whether the news would change nothing in the order's `row`, which stays as it is."""
    # Any news settles an order with a shortfall again, and an edit that the lines do not show waits for newer lines.
    if row is None or row.settled_at is None or row.shortfall_units or order_news.unseen(row):
        return False
    return not order_news.merge(copy(row), news)


def is_unexplained(shop_id: int, row: ShopifyOrder | None, news: News) -> bool:
    """Whether units have left the order and neither the news nor our facts, which stay as they are, explain how."""
    row = copy(row) if row else ShopifyOrder(shop_id=shop_id, order_id=news.order_id)
    order_news.merge(row, news)
    facts = OrderFacts(row.lines, row.refunds, row.returns, list(row.edits.values()))
    return order_story.units_unexplained(facts) > 0


def _locked(shop_id: int, order_ids: Sequence[str]) -> list[ShopifyOrder]:
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [shop_id, list(order_ids)])
    rows = known(shop_id, order_ids)
    return [rows[order_id] for order_id in order_ids]


def _save(rows: Sequence[ShopifyOrder]) -> None:
    """Save rows that are there and locked, in one statement."""
    if rows:
        ShopifyOrder.objects.bulk_create(rows, update_conflicts=True, unique_fields=_KEY, update_fields=_COLUMNS)


def _close_carts(shop_id: int, rows: Sequence[ShopifyOrder], told: Sequence[Sequence[News]]) -> list[OrdersCarts]:
    """Close the carts that have just become these orders, so that nothing is held for them any more; returns them."""
    closings = []
    for row, news in zip(rows, told, strict=True):
        is_first = row.settled_at is None
        holds = [hold for each in news for hold in _holds(each)] if is_first else []
        token = next((each.shopify_cart for each in news if each.shopify_cart), "")
        named = next((each.cart_token for each in news if each.cart_token), None)
        closings.append(Closing(row.order_id, token, named, holds, is_first))
    return [
        _note_carts(row, closing, found)
        for row, closing, found in zip(rows, closings, close_carts(shop_id, closings), strict=True)
    ]


def _note_carts(row: ShopifyOrder, closing: Closing, found: OrdersCarts) -> OrdersCarts:
    named = closing.named if closing.named in found.carts else None
    row.cart_token = row.cart_token or named or next(iter(found.carts), None)
    # A cart that we closed before may be the shopper's next one by now: we leave it alone.
    return replace(found, carts=[token for token in found.carts if closing.is_first or token != row.cart_token])


def _holds(news: News) -> list[UUID]:
    return [line.hold for line in news.snapshot.lines if line.hold] if news.snapshot else []


def _settle(shop: Shop, rows: Sequence[tuple[ShopifyOrder, OrdersCarts]]) -> None:
    installed_at = ShopifyInstallation.objects.filter(shop=shop).values_list("installed_at", flat=True).first()
    stories = []
    orders = []
    for row, found in rows:
        facts = OrderFacts(row.lines, row.refunds, row.returns, order_news.unseen(row), row.cancelled)
        story = order_story.order_lines(facts)
        lines = order_zero.beyond(order_payment.settled_lines(row, story), _zero(shop, row, facts, installed_at))
        stories.append(story)
        orders.append(_order(shop, row, found, lines))
    for (row, _), story, settled in zip(rows, stories, engine.settle(shop.pk, orders), strict=True):
        row.committed = order_payment.committed(row, story, settled)
        row.shortfall_units = sum(line.shortfall for line in settled)
        # The first settlement closes the order's carts; later ones only follow refunds and edits.
        row.settled_at = row.settled_at or timezone.now()
        if row.shortfall_units and row.tag in (TagState.NONE, TagState.UNWANTED):
            row.tag, row.tag_retry_at = TagState.WANTED, timezone.now()


def _order(shop: Shop, row: ShopifyOrder, found: OrdersCarts, lines: Sequence[engine.OrderLine]) -> engine.Order:
    is_untold = row.is_test and not shop.tell_test_orders
    return engine.Order(
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


def _zero(shop: Shop, row: ShopifyOrder, facts: OrderFacts, installed_at: datetime | None) -> dict[str, int]:
    """The units by SKU that an order from before the installation had then; nothing for one placed since."""
    # Shopify's times are whole seconds.
    if installed_at is None or row.placed_at is None or row.placed_at >= installed_at.replace(microsecond=0):
        return {}
    if row.settled_at is None:
        row.zero = {"lines": row.lines, "at": row.lines_at.isoformat() if row.lines_at else None}
    # An order that an older release sold whole stays sold.
    if row.zero is None:
        return {}
    if row.zero.get("awaited") or order_payment.awaited_payment(row, installed_at):
        row.zero = {**row.zero, "awaited": True}
        if shop.counts_pending_orders:
            return {}
    first = FirstWord(row.zero["lines"], moment(row.zero["at"] or ""), installed_at)
    return order_zero.zero_of(first, facts, list(row.edits.values()), row.refunded_at)


def _lacking_nothing(lines: Sequence[engine.OrderLine]) -> list[engine.OrderLine]:
    """A test order's lines: it takes what there is, and nobody awaits the rest."""
    return [replace(line, awaited=0) for line in lines]
