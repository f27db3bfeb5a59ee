"""Reservations of a shop by how they stand, a page at a time, each along an index.

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
# What ended longer ago is found by its SKU, in the ledger.
ENDED_SHOWN = timedelta(days=30)


class Outcome(StrEnum):
    """How a reservation stands. REFUSED is what no reservation could be made for."""

    ACTIVE = "active"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    EXPIRED = "expired"
    REFUSED = "refused"


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


def ends(held: Reservation) -> datetime:
    """When it ended, or will."""
    return held.ended_at or held.expires_at


def place_of(held: Reservation) -> Place:
    """Its place in its list."""
    return Place(ends(held), held.pk)


def listed(shop: Shop, outcome: Outcome, after: Place | None = None) -> tuple[Sequence[Reservation], bool]:
    """Up to SHOWN reservations after a place, and whether more follow.

    Active ones by their end, the next one to die first; ended ones of ENDED_SHOWN, the last one first.
    """
    if outcome == Outcome.ACTIVE:
        found = list(_active(shop, after))
    else:
        found = list(_ended(shop, outcome, after))
        if outcome == Outcome.EXPIRED:
            found = sorted([*found, *_dead(shop, after)], key=lambda held: (ends(held), held.pk), reverse=True)
    return found[:SHOWN], len(found) > SHOWN


def held_of(item: StockItem) -> tuple[Sequence[Reservation], bool]:
    """The live holds of one SKU, the next one to die first: up to SHOWN, and whether there are more."""
    live = Reservation.objects.filter(shop=item.shop_id, stock_item=item.pk, status=Status.ACTIVE, expires_at__gt=Now())
    found = list(live.select_related("stock_item").order_by("expires_at", "pk")[: SHOWN + 1])
    return found[:SHOWN], len(found) > SHOWN


def _active(shop: Shop, after: Place | None) -> QuerySet[Reservation]:
    found = Reservation.objects.filter(shop=shop, status=Status.ACTIVE, expires_at__gt=Now())
    if after is not None:
        same = Q(expires_at=after.at, pk__gt=after.id)
        # The first condition is for the index, which an OR alone would not be walked from.
        found = found.filter(Q(expires_at__gt=after.at) | same, expires_at__gte=after.at)
    return found.select_related("stock_item").order_by("expires_at", "pk")[: SHOWN + 1]


def _ended(shop: Shop, outcome: Outcome, after: Place | None) -> QuerySet[Reservation]:
    # The index is over what ended; that the status is not "active" is how the planner learns of it.
    ended = Reservation.objects.filter(shop=shop, ended_at__gt=Now() - ENDED_SHOWN).exclude(status=Status.ACTIVE)
    found = ended.filter(status=outcome.value)
    if after is not None:
        found = found.filter(Q(ended_at__lt=after.at) | Q(ended_at=after.at, pk__lt=after.id), ended_at__lte=after.at)
    return found.select_related("stock_item").order_by("-ended_at", "-pk")[: SHOWN + 1]


def _dead(shop: Shop, after: Place | None) -> QuerySet[Reservation]:
    found = Reservation.objects.filter(shop=shop, status=Status.ACTIVE, expires_at__lte=Now())
    if after is not None:
        same = Q(expires_at=after.at, pk__lt=after.id)
        found = found.filter(Q(expires_at__lt=after.at) | same, expires_at__lte=after.at)
    return found.select_related("stock_item").order_by("-expires_at", "-pk")[: SHOWN + 1]
