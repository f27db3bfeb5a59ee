"""Orders: we keep what Shopify tells us as facts, and settle the stock to match them.

Whichever webhook brings a fact, we do the same: lock the order's row, merge the facts into it, and tell the engine how
the order stands now. A fact that we knew already changes nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import connection
from django.utils import timezone

from reservations import engine
from reservations.models import Shop, ShopifyInstallation, ShopifyOrder, TagState
from reservations.shopify import carts
from reservations.shopify.carts import OrdersCarts
from reservations.shopify.webhooks.headers import moment

from . import order_news, order_payment, order_story, order_zero
from .order_news import News
from .order_story import OrderFacts
from .order_zero import FirstWord

# The insert makes the order's row, and the update locks it: the facts of two webhooks are merged one after the other.
_UPSERT = """
INSERT INTO reservations_shopifyorder (shop_id, order_id, name, lines, refunds, edits, cancelled, shortfall_units, tag,
    tag_failures, heard_at)
VALUES (%s, %s, '', '{}', '{}', '{}', false, 0, '', 0, clock_timestamp())
ON CONFLICT (shop_id, order_id) DO UPDATE SET heard_at = clock_timestamp()
"""
# What Shopify names as the source of an order made at a till.
TILL = "pos"


def learn(shop: Shop, *told: News) -> bool:
    """Merge the news, all about one order, into what we know and settle the stock; False when nothing was new.

    Raises what :func:`reservations.engine.settle` raises.
    """
    row = _locked(shop.pk, told[0].order_id)
    changed = [order_news.merge(row, news) for news in told]
    found = _close_carts(shop.pk, row, told)
    # An order with a shortfall is settled again at any news: units may have come since.
    if not (any(changed) or found.carts or row.shortfall_units):
        return False
    if row.lines:
        _settle(shop, row, found)
    row.save()
    return True


def knows(shop_id: int, news: News) -> bool:
    """Whether the news would change nothing. Costs one read and no lock."""
    row = ShopifyOrder.objects.filter(shop=shop_id, order_id=news.order_id).first()
    # Any news settles an order with a shortfall again, and an edit that the lines do not show waits for newer lines.
    if row is None or row.settled_at is None or row.shortfall_units or order_news.unseen(row):
        return False
    return not order_news.merge(row, news)


def is_unexplained(shop_id: int, news: News) -> bool:
    """Whether units have left the order and neither the news nor our facts explain how."""
    row = ShopifyOrder.objects.filter(shop=shop_id, order_id=news.order_id).first()
    row = row or ShopifyOrder(shop_id=shop_id, order_id=news.order_id)
    order_news.merge(row, news)
    facts = OrderFacts(row.lines, row.refunds, row.returns, list(row.edits.values()))
    return order_story.units_unexplained(facts) > 0


def _locked(shop_id: int, order_id: str) -> ShopifyOrder:
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [shop_id, order_id])
    return ShopifyOrder.objects.get(shop=shop_id, order_id=order_id)


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
    facts = OrderFacts(row.lines, row.refunds, row.returns, order_news.unseen(row), row.cancelled)
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
    """The units by SKU that an order from before the installation had then; nothing for one placed since."""
    installed_at = ShopifyInstallation.objects.filter(shop=shop).values_list("installed_at", flat=True).first()
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
