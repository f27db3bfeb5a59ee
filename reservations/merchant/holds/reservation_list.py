"""A shop's reservations by outcome, a page at a time, along an index.

A hold that is dead by the database's clock has expired, whether or not a job has written that down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from reservations.models import Reservation, Shop, Status, StockItem

SHOWN = 50
# Whoever looks for an older one finds it in the ledger of its SKU.
ENDED_SHOWN = timedelta(days=30)


class Outcome(StrEnum):
    """How a reservation stands. TURNED_AWAY lists demand that got no reservation at all."""

    ACTIVE = "active"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    EXPIRED = "expired"
    TURNED_AWAY = "refused"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the time by which the list is ordered, and the id where times are equal."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC).replace(tzinfo=None).isoformat()}~{self.id}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """The place that an address names; None where it names none."""
        at, _, key = text.partition("~")
        try:
            return cls(datetime.fromisoformat(at).replace(tzinfo=UTC), UUID(key))
        except ValueError:
            return None


def ends(reservation: Reservation) -> datetime:
    """When it ended, or will."""
    return reservation.ended_at or reservation.expires_at


def place_of(reservation: Reservation) -> Place:
    """Its place in its list."""
    return Place(ends(reservation), reservation.pk)


def listed(shop: Shop, outcome: Outcome, after: Place | None = None) -> tuple[Sequence[Reservation], bool]:
    """Up to SHOWN reservations after a place, and whether more follow.

    Active ones by their end, the next one to die first; ended ones of ENDED_SHOWN, the last one first.
    """
    if outcome == Outcome.ACTIVE:
        found = list(_active(shop, after))
    else:
        found = list(_ended(shop, outcome, after))
        if outcome == Outcome.EXPIRED:
            found = sorted([*found, *_dead(shop, after)], key=lambda one: (ends(one), one.pk), reverse=True)
    return found[:SHOWN], len(found) > SHOWN


def live_holds_of(item: StockItem) -> tuple[Sequence[Reservation], bool]:
    """The live holds of one SKU, the next one to die first: up to SHOWN, and whether there are more."""
    live = Reservation.objects.filter(shop=item.shop_id, stock_item=item.pk, ended_at=None, expires_at__gt=Now())
    found = list(live.select_related("stock_item").order_by("expires_at", "pk")[: SHOWN + 1])
    return found[:SHOWN], len(found) > SHOWN


def _active(shop: Shop, after: Place | None) -> QuerySet[Reservation]:
    found = Reservation.objects.filter(shop=shop, status=Status.ACTIVE, ended_at=None, expires_at__gt=Now())
    if after is not None:
        same = Q(expires_at=after.at, pk__gt=after.id)
        # The OR alone would not start the index at the right place; the plain condition does.
        found = found.filter(Q(expires_at__gt=after.at) | same, expires_at__gte=after.at)
    return found.select_related("stock_item").order_by("expires_at", "pk")[: SHOWN + 1]


def _ended(shop: Shop, outcome: Outcome, after: Place | None) -> QuerySet[Reservation]:
    # The index covers ended rows only: "not active" is what tells the planner that it may use it.
    ended = Reservation.objects.filter(shop=shop, ended_at__gt=Now() - ENDED_SHOWN).exclude(status=Status.ACTIVE)
    found = ended.filter(status=outcome.value)
    if after is not None:
        found = found.filter(Q(ended_at__lt=after.at) | Q(ended_at=after.at, pk__lt=after.id), ended_at__lte=after.at)
    return found.select_related("stock_item").order_by("-ended_at", "-pk")[: SHOWN + 1]


def _dead(shop: Shop, after: Place | None) -> QuerySet[Reservation]:
    found = Reservation.objects.filter(shop=shop, status=Status.ACTIVE, ended_at=None, expires_at__lte=Now())
    if after is not None:
        same = Q(expires_at=after.at, pk__lt=after.id)
        found = found.filter(Q(expires_at__lt=after.at) | same, expires_at__lte=after.at)
    return found.select_related("stock_item").order_by("-expires_at", "-pk")[: SHOWN + 1]
