"""``/app/shortfalls/``: paid items without a unit, which a person resolves with the shopper."""

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from reservations import engine
from reservations.models import ShopifyOrder, Shortfall

from reservations.merchant.frame.live_page import Context, LivePage, Part
from reservations.merchant.frame.merchant_page import action, page
from reservations.merchant.frame.visit import Visit

SHOWN = 50
LONGEST_REASON = 255


def _list(visit: Visit) -> Context:
    name = ShopifyOrder.objects.filter(shop=visit.shop, order_id=OuterRef("order_id")).values("name")[:1]
    known = (
        Shortfall.objects.filter(shop=visit.shop, resolved_at=None, quantity__gt=0)
        .select_related("stock_item")
        .annotate(order_name=Subquery(name))
        .order_by("created_at", "pk")
    )
    found = list(known[: SHOWN + 1])
    return {"shortfalls": found[:SHOWN], "more": len(found) > SHOWN}


_PAGE = LivePage(
    "merchant/shortfalls/page.html",
    {"list": Part("merchant/shortfalls/list.html", _list)},
    lambda _: {"error_at": None},
)


@page
def shortfalls(visit: Visit) -> HttpResponse:
    """The open shortfalls, oldest first."""
    return _PAGE.answer(visit)


@action
def resolved(visit: Visit, pk: int) -> HttpResponse:
    """Resolve a shortfall: the person says how they did it with the shopper, and the ledger keeps both."""
    shortfall = Shortfall.objects.filter(shop=visit.shop, pk=pk).select_related("stock_item").first()
    if shortfall is None:
        raise Http404
    reason = visit.request.POST.get("reason", "").replace("\x00", "").strip()
    if not reason or len(reason) > LONGEST_REASON:
        error = _("Say in up to %(most)d characters how it was settled.") % {"most": LONGEST_REASON}
        context = {**_list(visit), "error_at": pk, "error": error, "reason": reason[:LONGEST_REASON]}
        return visit.page("merchant/shortfalls/page.html", context, 422)
    done = engine.resolve_shortfall(
        visit.shop.pk, shortfall.order_id, shortfall.stock_item.sku, by=visit.actor, reason=reason
    )
    return visit.done(_("Settled.") if done else _("It was settled already."))
