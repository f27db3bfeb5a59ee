"""How the units of an order stand, for the customer who placed it: one statement, by the database's clock."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hmac import compare_digest

from django.db.models import DateTimeField, IntegerField, Min, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Now

from reservations.models import Payment, Reservation, ShopifyOrder, Status


class Standing(StrEnum):
    """What the page may say; for ``NONE`` it says nothing."""

    UNKNOWN = "unknown"  # no such order, or not yet
    HELD = "held"  # it awaits its payment, and holds units until a time
    OVER = "over"  # its time to pay is over, or its payment ended unpaid
    BOUGHT = "bought"
    SHORT = "short"  # bought, and some of its units are lacking
    NONE = "none"  # nothing of it is, or need be, held


@dataclass(frozen=True, slots=True)
class OrderUnits:
    """How an order stands at ``now``: it holds so many units, ``until`` anybody may buy the first of them."""

    standing: Standing
    now: datetime | None = None
    until: datetime | None = None
    held: int = 0


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the order's row and its reservations say at ``now``; units are of holds that live, sales, and holds ever."""

    confirmation: str
    cancelled: bool
    shipped: bool
    payment: str
    payment_due_at: datetime | None
    settled_at: datetime | None
    shortfall_units: int
    now: datetime
    until: datetime | None
    held: int
    bought: int
    once_held: int


def order_units(shop_id: int, order_id: str, confirmation: str) -> OrderUnits:
    """How the order with this number stands; unknown also if `confirmation` is not its confirmation number."""
    facts = _facts(shop_id, order_id)
    if facts is None or not compare_digest(facts.confirmation.encode(), confirmation.upper().encode()):
        return OrderUnits(Standing.UNKNOWN)
    return OrderUnits(_standing(facts), facts.now, facts.until, facts.held)


def _standing(facts: _Facts) -> Standing:
    if facts.settled_at is None:
        return Standing.UNKNOWN
    if facts.cancelled:
        return Standing.NONE
    if facts.held:
        return Standing.HELD
    if facts.shortfall_units:
        return Standing.SHORT
    if facts.bought:
        return Standing.BOUGHT
    return Standing.OVER if _has_run_out(facts) else Standing.NONE


def _has_run_out(facts: _Facts) -> bool:
    """Whether nobody paid in time; what has left, or never needed a hold, has no time to run out."""
    if facts.shipped or not facts.once_held:
        return False
    is_due = facts.payment_due_at is not None and facts.payment_due_at <= facts.now
    return facts.payment in (Payment.VOIDED, Payment.EXPIRED) or (facts.payment == Payment.PENDING and is_due)


def _facts(shop_id: int, order_id: str) -> _Facts | None:
    # The empty order is nobody's; said, so that the index of orders answers.
    own = (
        Reservation.objects.filter(shop=OuterRef("shop"), order_id=OuterRef("order_id")).exclude(order_id="").order_by()
    )
    living = own.filter(status=Status.ACTIVE, expires_at__gt=Now())
    end = living.values("order_id").annotate(end=Min("expires_at")).values("end")
    rows = ShopifyOrder.objects.filter(shop=shop_id, order_id=order_id).exclude(confirmation="")
    told = rows.values_list(
        *("confirmation", "cancelled", "shipped", "payment", "payment_due_at", "settled_at", "shortfall_units"),
        *(Now(), Subquery(end, output_field=DateTimeField()), _units(living)),
        *(_units(own.filter(status=Status.CONFIRMED)), _units(own.exclude(status=Status.CONFIRMED))),
    ).first()
    return _Facts(*told) if told else None


def _units(rows: QuerySet[Reservation]) -> Coalesce:
    summed = rows.values("order_id").annotate(units=Sum("quantity")).values("units")
    return Coalesce(Subquery(summed, output_field=IntegerField()), 0)
