"""Callers who act on one reservation in the same instant: what must be true, whoever comes first."""

import random
from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.db import connection

from reservations import engine
from reservations.models import Reservation, Shop, StockMovement
from tests.factories import by_id

ENDS = ("confirmed", "released", "expired")


def answer(call: Callable[[], object]) -> str:
    """Make the call; returns ``ok``, or the refusal's code."""
    try:
        call()
    except engine.EngineError as refusal:
        return refusal.code
    return "ok"


def confirm(shop: Shop, held: engine.Reservation) -> str:
    return answer(partial(engine.confirm, shop.pk, by_id(held), order_id="1001"))


def release(shop: Shop, held: engine.Reservation) -> str:
    return answer(partial(engine.release, shop.pk, by_id(held)))


def extend(shop: Shop, held: engine.Reservation) -> str:
    return answer(partial(engine.extend, shop.pk, by_id(held)))


def expire(shop: Shop, held: engine.Reservation) -> str:
    return answer(partial(engine.expire, shop.pk))


def end_of(shop: Shop, reservation_id: UUID) -> str:
    """The reservation's state; fails unless one ledger row tells of that end, and none of another."""
    status = Reservation.objects.get(shop=shop, pk=reservation_id).status
    rows = StockMovement.objects.filter(shop=shop, reservation_id=reservation_id, kind__in=ENDS)
    kinds = list(rows.values_list("kind", flat=True))
    assert kinds == ([status] if status in ENDS else []), (status, kinds)
    return status


def die_within(shop: Shop, held: engine.Reservation, milliseconds: float, chance: random.Random) -> None:
    """Let the hold expire at a random moment of the next `milliseconds`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reservations_reservation SET expires_at = clock_timestamp() + %s * interval '1 millisecond'"
            " WHERE shop_id = %s AND id = %s",
            [chance.uniform(0, milliseconds), shop.pk, held.reservation_id],
        )
