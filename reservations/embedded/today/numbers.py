"""The four numbers, in units."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Now
from django.utils.timezone import localtime

from reservations.models import Reservation, Shop, Shortfall, Status, StockItem

AVAILABLE = F("on_hand") - F("reserved") - F("in_flight")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Units of a shop: ``oversold`` are paid for and do not exist; ``missing`` is how far counts are below promises."""

    oversold: int
    reserved: int
    sold_today: int
    missing: int


def numbers(shop: Shop) -> Numbers:
    """The numbers now. The day begins at midnight in São Paulo."""
    return Numbers(
        oversold=_sum(Shortfall.objects.filter(shop=shop, resolved_at=None), F("quantity")),
        reserved=_sum(live_holds(shop), F("quantity")),
        sold_today=_sum(_sold_today(shop), F("quantity") - F("returned")),
        missing=-_sum(StockItem.objects.filter(Q(on_hand__lt=F("reserved") + F("in_flight")), shop=shop), AVAILABLE),
    )


def live_holds(shop: Shop) -> QuerySet[Reservation]:
    """The reservations that are alive by the database's clock, whether or not a job ran."""
    return Reservation.objects.filter(shop=shop, status=Status.ACTIVE, expires_at__gt=Now())


def _sold_today(shop: Shop) -> QuerySet[Reservation]:
    midnight = localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    # The index is over what ended; the second condition is how the planner learns of it.
    ended = Reservation.objects.filter(shop=shop, ended_at__gte=midnight, ended_at__lt=midnight + timedelta(days=1))
    return ended.exclude(status=Status.ACTIVE).filter(status=Status.CONFIRMED)


def _sum(rows: QuerySet, units: F) -> int:  # type: ignore[type-arg]
    return int(rows.aggregate(units=Sum(units))["units"] or 0)
