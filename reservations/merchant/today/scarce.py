"""The SKUs that run out, and when their next unit may come free."""

from collections.abc import Sequence

from django.db.models import F, IntegerField, Min, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Now

from reservations.models import Reservation, Shop, StockItem

SHOWN = 10


def scarce_skus(shop: Shop) -> Sequence[StockItem]:
    """Up to SHOWN SKUs at or under the shop's threshold, the scarcest first.

    Each has `free` (units that may be sold now, those of dead holds included), `held` (units in live holds) and
    `next_release`. A SKU that is sold out, with nothing held, is no news and is left out; so is one that sells without
    stock.
    """
    of_item = Reservation.objects.filter(shop=shop, stock_item=OuterRef("pk"), ended_at=None).order_by()
    dead = of_item.filter(expires_at__lte=Now()).values("stock_item").annotate(units=Sum("quantity")).values("units")
    alive = of_item.filter(expires_at__gt=Now()).values("stock_item").annotate(first=Min("expires_at")).values("first")
    # Nobody has a dead hold's units any more, though `reserved` counts them until a job or a buyer writes that down.
    given_back = Coalesce(Subquery(dead), Value(0), output_field=IntegerField())
    promised = F("on_hand") - F("reserved") - F("in_flight")
    return list(
        StockItem.objects.filter(Q(on_hand__gt=0) | Q(reserved__gt=0), shop=shop, sells_without_stock=False)
        .annotate(promised=promised)
        .filter(promised__lte=shop.scarcity_threshold)
        .order_by("promised", "-reserved", "pk")
        .annotate(
            free=Greatest(Value(0), F("promised") + given_back - F("owed"), output_field=IntegerField()),
            held=F("reserved") - given_back,
            next_release=Subquery(alive),
        )[:SHOWN]
    )
