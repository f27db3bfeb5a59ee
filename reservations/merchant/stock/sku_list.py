"""The SKUs of a shop, a page at a time, along the index of their names."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least, Now

from reservations.models import Reservation, Shop, Shortfall, SkuLink, StockItem

SHOWN = 50


class Show(StrEnum):
    """Which SKUs. SCARCE: something left, at most the shop's threshold. UNLINKED: no variant at Shopify.

    One that sells WITHOUT_STOCK is never scarce, sold out or short.
    """

    ALL = ""
    SCARCE = "scarce"
    SOLD_OUT = "sold_out"
    SHORTFALL = "shortfall"
    UNLINKED = "unlinked"
    WITHOUT_STOCK = "without_stock"


def skus(shop: Shop, show: Show, search: str = "", after: str = "") -> tuple[Sequence[StockItem], bool]:
    """Up to SHOWN SKUs that contain `search` in whatever case and come after the SKU `after`; and whether more follow.

    Each has, in units, `held` (in live holds), `free` (may be sold now) and `without_doubt` (what is free once the ERP
    shows which sales its count knows; less than 0 in a shortfall), all by the database's clock whether or not a job has
    written down which holds are dead; and `linked`, `has_shortfall`.
    """
    found = _as_they_stand(shop).order_by("sku")
    if search:
        # Any part of a name: a walk along the shop's own part of the index of SKUs, which ends when a page is full.
        found = found.filter(sku__icontains=search)
    if after:
        found = found.filter(sku__gt=after)
    rows = list(found.filter(_chosen(shop, show))[: SHOWN + 1])
    return rows[:SHOWN], len(rows) > SHOWN


def free_units(shop: Shop, item_ids: Collection[int]) -> Mapping[int, int]:
    """The units of these SKUs that may be sold now, as :func:`skus` counts them, by the key of each."""
    items: Any = _as_they_stand(shop).filter(pk__in=item_ids)
    return {item.pk: item.free for item in items}


def _as_they_stand(shop: Shop) -> QuerySet[StockItem]:
    of_item = Reservation.objects.filter(shop=shop, stock_item=OuterRef("pk"), ended_at=None).order_by()
    dead = of_item.filter(expires_at__lte=Now()).values("stock_item").annotate(units=Sum("quantity")).values("units")
    open_shortfalls = Shortfall.objects.filter(shop=shop, stock_item=OuterRef("pk"), resolved_at=None, quantity__gt=0)
    return (
        StockItem.objects.filter(shop=shop)
        .annotate(dead=Coalesce(Subquery(dead), Value(0), output_field=IntegerField()))
        .annotate(promised=F("on_hand") - F("reserved") - F("in_flight"))
        .annotate(
            held=F("reserved") - F("dead"),
            # What paid orders lack is theirs as soon as the dead holds are written down.
            free=F("promised") + F("dead") - Least(F("owed"), Greatest(F("promised") + F("dead"), 0)),
            without_doubt=F("promised") + F("dead") + F("in_doubt"),
            linked=Exists(SkuLink.objects.filter(shop=shop, sku=OuterRef("sku"))),
            has_shortfall=Exists(open_shortfalls),
        )
    )


def _chosen(shop: Shop, show: Show) -> Q:
    # `promised` costs nothing and rules most rows out; `free` makes PostgreSQL sum the row's dead holds.
    from_stock = Q(sells_without_stock=False)
    match show:
        case Show.SCARCE:
            return from_stock & Q(promised__lte=shop.scarcity_threshold, free__gt=0, free__lte=shop.scarcity_threshold)
        case Show.SOLD_OUT:
            return from_stock & Q(promised__lte=0, without_doubt__lte=0)
        case Show.SHORTFALL:
            return from_stock & Q(promised__lt=0, without_doubt__lt=0) | Q(has_shortfall=True)
        case Show.WITHOUT_STOCK:
            return ~from_stock
        case Show.UNLINKED:
            return Q(linked=False)
        case Show.ALL:
            return Q()
