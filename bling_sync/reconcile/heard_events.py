"""What Bling's events say of a product: those between two readings, and those that came only after a difference.

An event may be ahead of the balance that it speaks of, and a balance ahead of its event: measured, the latter by up to
22 seconds. So the window reaches back by the grace time (not beyond the last difference, whose events have had their
say), and a difference that nothing explained is asked again when its product is read after the next event.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models.functions import Now

from bling_sync import durations
from bling_sync.models import Cause, Difference, Product
from bling_sync.outbox import echoes
from bling_sync.resources import sales_orders
from plumbing import sql

from . import causes

# What is older was either explained or looked at.
ASKED_AGAIN = timedelta(days=1)
# The window reaches back, but never into the time of the difference before.
_SINCE = """
received_at > least(%(then)s, greatest(%(then)s::timestamptz - %(grace)s, (
    SELECT max(d.seen_at) FROM bling_sync_difference AS d
    WHERE d.shop_id = %(shop)s AND d.stock_item_id = %(item)s AND d.cause <> 'in_flight')))
"""
# An event's own date is trusted where it is near: not every clock says which zone it means.
_LATE = """
received_at > %(seen)s AND %(seen)s::timestamptz + interval '5 seconds' > CASE
    WHEN abs(extract(epoch FROM received_at - happened_at)) < 3600 THEN happened_at
    ELSE received_at - %(grace)s END
"""
# Units that come in undo the launch of an order where as many had gone out before; of an order from before our records
# nobody knows. An order may be cancelled a while before or after its units are booked in.
_HEARD = """
WITH moved AS (
    SELECT event, operation, quantity, received_at FROM bling_sync_webhookevent
    WHERE shop_id = %(shop)s AND product_id = %(product)s AND claimed_by IS NULL AND {window}
        AND (deposit_id IS NULL OR deposit_id = (
            SELECT k.deposit_id FROM bling_sync_connection AS k WHERE k.shop_id = %(shop)s))
), cancelled AS (
    SELECT bling_order_id, received_at FROM bling_sync_webhookevent
    WHERE shop_id = %(shop)s AND event LIKE 'order.%%'
        AND (situation = %(cancelled)s OR event = 'order.deleted') AND {cancelled}
)
SELECT
    (SELECT count(*) FROM moved WHERE operation = 'B' OR event = 'stock.deleted'),
    (SELECT count(*) FROM moved WHERE operation = 'S'),
    (SELECT count(*) FROM moved WHERE operation = 'E'),
    (SELECT count(*) FROM cancelled),
    EXISTS (SELECT FROM bling_sync_webhookevent AS s
        WHERE s.shop_id = %(shop)s AND s.product_id = %(product)s AND s.operation = 'S'
            AND (s.quantity = %(units)s OR s.quantity IN (SELECT quantity FROM moved WHERE operation = 'E'))
            AND (s.claimed_by IS NULL OR EXISTS (
                SELECT FROM bling_sync_push AS p
                WHERE p.shop_id = %(shop)s AND p.id = s.claimed_by AND p.mode = 'observe')))
    OR EXISTS (SELECT FROM cancelled AS c WHERE NOT EXISTS (
        SELECT FROM bling_sync_webhookevent AS o WHERE o.shop_id = %(shop)s AND o.event LIKE 'order.%%'
            AND o.bling_order_id = c.bling_order_id AND o.received_at < c.received_at))
"""
_BETWEEN = _HEARD.format(window=_SINCE, cancelled=_SINCE)
_AFTERWARDS = _HEARD.format(
    window=_LATE, cancelled="received_at > %(seen)s::timestamptz - %(grace)s - interval '1 minute'"
)


def between(product: Product, then: datetime, moved: Decimal) -> causes.Heard:
    """The events that can explain a movement by `moved` since the reading that began at `then`."""
    return _heard(_BETWEEN, product, {"then": then, "item": product.stock_item_id, "units": moved})


def explain(shop_id: int, products: Sequence[Product]) -> int:
    """Name the cause of differences that were unknown until their events came; returns how many."""
    of_item = {product.stock_item_id: product for product in products}
    rows = Difference.objects.filter(shop_id=shop_id, stock_item_id__in=of_item, cause=Cause.UNKNOWN)
    explained = 0
    for one in rows.filter(seen_at__gt=Now() - ASKED_AGAIN).order_by("pk"):
        product = of_item[one.stock_item_id]
        echoes.match_events(shop_id, product.pk, product.bling_id)
        moved = one.bling - one.expected
        heard = _heard(_AFTERWARDS, product, {"seen": one.seen_at, "units": moved})
        # Where only the virtual balance moves the cause is never unknown.
        cause = causes.cause(heard, moved=moved, booked=True)
        if cause != Cause.UNKNOWN:
            explained += rows.filter(pk=one.pk).update(cause=cause)
    return explained


def _heard(statement: str, product: Product, window: dict[str, object]) -> causes.Heard:
    facts = {"shop": product.shop_id, "product": product.bling_id, "cancelled": sales_orders.CANCELLED}
    found = sql.one_row(statement, {**facts, "grace": durations.grace(), **window})
    sets, out, back, cancellations, undone = found
    return causes.Heard(sets=sets, out=out, back=back, cancellations=cancellations, undone=undone)
