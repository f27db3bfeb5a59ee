"""How the reservations of the last day ended, hour by hour: bars for the eye, a table for everybody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import TruncHour
from django.utils.timezone import localtime, now

from reservations.models import Reservation, Shop, Status

HOURS = 24
KEPT_SECONDS = 60
OUTCOMES = (Status.CONFIRMED, Status.RELEASED, Status.EXPIRED)
# In the picture's own units.
WIDTH, HEIGHT, GAP = 720, 120, 6


@dataclass(frozen=True, slots=True)
class Bar:
    """One outcome of one hour: where it stands in the picture."""

    outcome: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour: its beginning and its counts by outcome."""

    at: datetime
    counts: Mapping[str, int]
    bars: Sequence[Bar]

    @property
    def total(self) -> int:
        """Reservations that ended in this hour."""
        return sum(self.counts.values())

    @property
    def row(self) -> tuple[int, ...]:
        """The counts in the order of OUTCOMES."""
        return tuple(self.counts[outcome] for outcome in OUTCOMES)


def outcomes(shop: Shop) -> Sequence[Hour]:
    """The last HOURS hours, oldest first. At most KEPT_SECONDS old: a busy day has many rows."""
    kept: dict[tuple[datetime, str], int] | None = cache.get(f"outcomes:{shop.pk}")
    counted = _count(shop) if kept is None else kept
    if kept is None:
        cache.set(f"outcomes:{shop.pk}", counted, KEPT_SECONDS)
    last = localtime(now()).replace(minute=0, second=0, microsecond=0)
    hours = [last - timedelta(hours=back) for back in reversed(range(HOURS))]
    counts = [{outcome.value: counted.get((hour, outcome.value), 0) for outcome in OUTCOMES} for hour in hours]
    most = max([sum(hour.values()) for hour in counts] or [0]) or 1
    return [
        Hour(at, of_hour, _bars(place, of_hour, most))
        for place, (at, of_hour) in enumerate(zip(hours, counts, strict=True))
    ]


def _count(shop: Shop) -> dict[tuple[datetime, str], int]:
    since = now() - timedelta(hours=HOURS)
    # "Not active" is what lets the planner take the index of ended rows. `TruncHour` goes by the current zone, as the
    # picture's hours do.
    rows = (
        Reservation.objects.filter(shop=shop, ended_at__gte=since)
        .exclude(status=Status.ACTIVE)
        # Nobody bought these here: they only came back.
        .exclude(sold_before=True)
        .annotate(hour=TruncHour("ended_at"))
        .values_list("hour", "status")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return {(hour, status): count for hour, status, count in rows}


def _bars(place: int, counts: Mapping[str, int], most: int) -> list[Bar]:
    # Stacked from the floor up: in a picture y grows downwards, so `top` climbs by each bar's height.
    step = WIDTH / HOURS
    bars, top = [], float(HEIGHT)
    for outcome, count in counts.items():
        height = round(count * HEIGHT / most, 1)
        if height:
            top = round(top - height, 1)
            bars.append(Bar(outcome, round(place * step + GAP / 2, 1), top, round(step - GAP, 1), height))
    return bars
