"""The four numbers, in units, and the orders that are not paid yet."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Now
from django.utils.timezone import localtime

from reservations.models import Payment, Reservation, Shop, ShopifyOrder, Shortfall, Status, StockItem


@dataclass(frozen=True, slots=True)
class Numbers:
    """Units of a shop: ``oversold`` are paid for and do not exist; counts lie ``shortfall`` below promises.

    ``unpaid`` are orders, not units: those whose payment is awaited; ``overdue`` those whose time is over, and whose
    units Shopify keeps until somebody cancels them.
    """

    oversold: int
    reserved: int
    sold_today: int
    shortfall: int
    unpaid: int
    overdue: int


def numbers(shop: Shop) -> Numbers:
    """The numbers now. The day begins at midnight in São Paulo."""
    return Numbers(
        oversold=_sum(Shortfall.objects.filter(shop=shop, resolved_at=None), F("quantity")),
        reserved=_sum(live_holds(shop), F("quantity")),
        sold_today=_sum(_sold_today(shop), F("quantity") - F("returned")),
        shortfall=_sum(items_in_shortfall(shop), F("shortfall")),
        unpaid=unpaid_orders(shop).filter(payment_due_at__gt=Now()).count(),
        overdue=unpaid_orders(shop).filter(payment_due_at__lte=Now()).count(),
    )


def items_in_shortfall(shop: Shop) -> QuerySet[StockItem]:
    """The SKUs whose count certainly lies below what the shop promised, each with its `shortfall` in units.

    One that sells without stock is meant to.

    The count may already include the sales in doubt, so they prove nothing and raise no alarm. Nor do the units of a
    dead hold, which nobody has any more.
    """
    dead = (
        Reservation.objects.filter(shop=shop, stock_item=OuterRef("pk"), ended_at=None, expires_at__lte=Now())
        .order_by()
        .values("stock_item")
        .annotate(units=Sum("quantity"))
        .values("units")
    )
    promised = F("reserved") + F("in_flight") - F("in_doubt")
    # The plain columns rule most rows out before PostgreSQL sums any row's dead holds.
    return (
        StockItem.objects.filter(shop=shop, sells_without_stock=False)
        .alias(promised=promised)
        .filter(on_hand__lt=F("promised"))
        .annotate(shortfall=promised - F("on_hand") - Coalesce(Subquery(dead), Value(0), output_field=IntegerField()))
        .filter(shortfall__gt=0)
    )


def unpaid_orders(shop: Shop) -> QuerySet[ShopifyOrder]:
    """The orders that await their payment, in time or not."""
    return ShopifyOrder.objects.filter(shop=shop, payment=Payment.PENDING, cancelled=False, shipped=False)


def live_holds(shop: Shop) -> QuerySet[Reservation]:
    """The reservations that are alive by the database's clock, whether or not a job ran."""
    return Reservation.objects.filter(shop=shop, status=Status.ACTIVE, ended_at=None, expires_at__gt=Now())


def _sold_today(shop: Shop) -> QuerySet[Reservation]:
    midnight = localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    # The index covers ended rows only: "not active" is what tells the planner that it may use it.
    ended = Reservation.objects.filter(shop=shop, ended_at__gte=midnight, ended_at__lt=midnight + timedelta(days=1))
    return ended.exclude(status=Status.ACTIVE).filter(status=Status.CONFIRMED)


def _sum(rows: QuerySet[Any], units: Combinable) -> int:
    return int(rows.aggregate(units=Sum(units))["units"] or 0)
