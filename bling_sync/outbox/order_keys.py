"""Resolves lost answers of orders that we make: they have a key, so we can ask Bling."""

import logging

from django.db.models.functions import Now

from bling_sync import account_setup, durations
from bling_sync.models import Connection, Mode, Push, PushKind, PushState
from bling_sync.resources import sales_orders

from . import outcome

logger = logging.getLogger(__name__)


def resolve(known: Connection) -> int:
    """Ask for each order whose answer was lost, the grace time after; returns how many were resolved.

    Found once, it goes on to its launch; not found, it is made again; found twice, a person decides. Raises BlingError.
    """
    rows = Push.objects.filter(
        shop_id=known.shop_id,
        state=PushState.UNKNOWN,
        mode=Mode.ORDER,
        kind=PushKind.SALE,
        bling_order_id__isnull=True,
        escalated_at__isnull=True,
    )
    lost = list(rows.filter(unknown_at__lt=Now() - durations.grace()).order_by("pk")[: sales_orders.NUMBERS_PER_CALL])
    if not lost:
        return 0
    found: dict[str, list[sales_orders.BlingOrder]] = {}
    for order in sales_orders.find(account_setup.bling_of(known), [str(push.key) for push in lost]):
        found.setdefault(order.store_number, []).append(order)
    for push in lost:
        _resolve(push, found.get(str(push.key), []))
    return len(lost)


def _resolve(push: Push, found: list[sales_orders.BlingOrder]) -> None:
    logger.info("bling: shop %s: push %s: %s orders have its key", push.shop_id, push.key, len(found))
    if len(found) > 1:
        rows = Push.objects.filter(pk=push.pk, shop_id=push.shop_id, state=PushState.UNKNOWN)
        rows.update(escalated_at=Now(), error=f"Bling has {len(found)} orders with this key")
        return
    if found:
        rows = Push.objects.filter(pk=push.pk, shop_id=push.shop_id, attempts=push.attempts)
        rows.filter(state=PushState.UNKNOWN).update(bling_order_id=found[0].id)
    # With the order's id the next attempt only launches it; without one it makes it anew.
    outcome.not_applied(push, "the answer was lost; Bling was asked for the key", retry_after=0)
