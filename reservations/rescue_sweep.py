"""The rescue sweep: find the shops whose paid orders still lack units that are free, and let the engine serve them.

Mostly it finds none: the transaction that frees a unit gives it away. What is left is what changed without one, such as
a setting of the shop.
"""

import logging
from time import monotonic

from django.db.models import Exists, OuterRef, Q

from reservations import engine
from reservations.models import Shop, Shortfall, StockItem

logger = logging.getLogger(__name__)

# Less than the time to the next round.
ROUND_SECONDS = 4.0


def rescue_paid_orders(*, seconds: float = ROUND_SECONDS) -> int:
    """Serve a batch of SKUs for each shop that may owe units, for up to `seconds`; returns how many SKUs it were.

    Raises engine.Unavailable when the database is away.
    """
    deadline = monotonic() + seconds
    return sum(_serve(shop_id) for shop_id in shops_that_may_owe() if monotonic() < deadline)


def shops_that_may_owe() -> list[int]:
    """The shops with an open shortfall, or with a stock row that says that it owes units."""
    lacking = Shortfall.objects.filter(shop=OuterRef("pk"), resolved_at=None, quantity__gt=0)
    owing = StockItem.objects.filter(shop=OuterRef("pk"), owed__gt=0)
    return list(Shop.objects.filter(Q(Exists(lacking)) | Q(Exists(owing))).order_by("pk").values_list("pk", flat=True))


def _serve(shop_id: int) -> int:
    try:
        served = engine.rescue(shop_id)
    except (engine.Busy, engine.OutcomeUnknown) as error:
        logger.warning("paid orders of shop %s wait for the next round: %s", shop_id, error)
        return 0
    if served:
        logger.info("looked at %s SKUs of shop %s for paid orders that lack units", served, shop_id)
    return served
