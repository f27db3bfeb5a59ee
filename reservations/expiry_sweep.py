"""The expiry sweep: find the shops with dead holds in one query, and give each its turn."""

import logging
from time import monotonic

from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from reservations import engine
from reservations.models import Reservation, Shop, Status

logger = logging.getLogger(__name__)

# Less than the time to the next round, so that rounds share a backlog instead of piling up.
ROUND_SECONDS = 4.0
BATCH = 500


def expire_dead_holds(*, seconds: float = ROUND_SECONDS) -> int:
    """Expire dead holds, a batch per shop in turn, until none is left or `seconds` are over; returns how many.

    A shop whose rows are in use waits for the next round and delays no other. Raises engine.Unavailable when the
    database is away.
    """
    deadline = monotonic() + seconds
    total, shop_ids = 0, shops_with_dead_holds()
    while shop_ids and monotonic() < deadline:
        with_more = []
        for shop_id in shop_ids:
            expired = _expire_batch(shop_id) if monotonic() < deadline else 0
            total += expired
            if expired == BATCH:
                with_more.append(shop_id)
        shop_ids = with_more
    return total


def shops_with_dead_holds() -> list[int]:
    """The shops whose counters still include holds that the database's clock has ended."""
    dead = Reservation.objects.filter(shop=OuterRef("pk"), status=Status.ACTIVE, ended_at=None, expires_at__lte=Now())
    return list(Shop.objects.filter(Exists(dead)).order_by("pk").values_list("pk", flat=True))


def _expire_batch(shop_id: int) -> int:
    try:
        expired = engine.expire(shop_id, limit=BATCH)
    except (engine.Busy, engine.OutcomeUnknown) as error:
        logger.warning("expiry of shop %s waits for the next round: %s", shop_id, error)
        return 0
    if expired:
        logger.info("expired %s holds of shop %s", expired, shop_id)
    return expired
