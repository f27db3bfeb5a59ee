"""A person gives an unpaid order more time to pay, or none any more: its holds and its due time move together.

Any other hold is the engine's alone. An order has one time for all its units, so what is decided about one of its holds
is decided about each; a later word of Shopify then finds the order as the person left it.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from reservations import engine
from reservations.models import Reservation, ShopifyOrder, Status


def release(shop_id: int, reservation_id: UUID, *, reason: str) -> None:
    """Put the hold's units back on sale, and those of its order. Raises what :func:`engine.release` raises."""
    with transaction.atomic():
        order_id = _order_of(shop_id, reservation_id)
        # The order's row first, as everywhere: then no news of it comes between.
        ShopifyOrder.objects.filter(shop=shop_id, order_id=order_id).update(payment_due_at=Now())
        ids = [reservation_id, *_others(shop_id, order_id, reservation_id)]
        engine.release(shop_id, engine.ByIds(tuple(ids)), reason=reason, by_hand=True)


def extend(shop_id: int, reservation_id: UUID, *, by: str, more: timedelta) -> engine.ExtendedByHand:
    """Let the hold end later, and its order be paid later. Raises what :func:`engine.extend_by_hand` raises."""
    with transaction.atomic():
        order_id = _order_of(shop_id, reservation_id)
        ShopifyOrder.objects.filter(shop=shop_id, order_id=order_id).update(payment_due_at=F("payment_due_at") + more)
        # All in one transaction of the engine: it locks their stock rows in one order, whichever hold was pressed.
        others = _others(shop_id, order_id, reservation_id)
        return engine.extend_by_hand(shop_id, reservation_id, *others, by=by, more=more)


def _order_of(shop_id: int, reservation_id: UUID) -> str | None:
    """The unpaid order of a hold; None where it has none."""
    held = Reservation.objects.filter(shop=shop_id, pk=reservation_id, status=Status.ACTIVE).exclude(order_id="")
    return held.values_list("order_id", flat=True).first()


def _others(shop_id: int, order_id: str | None, reservation_id: UUID) -> list[UUID]:
    if order_id is None:
        return []
    living = Reservation.objects.filter(
        shop=shop_id, order_id=order_id, status=Status.ACTIVE, expires_at__gt=Now()
    ).exclude(pk=reservation_id)
    return list(living.order_by("pk").values_list("pk", flat=True))
