"""``/app/``, and the two reports that its guide sends."""

from django.db.models.functions import Now
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from reservations.merchant.frame.live_page import Context, LivePage, Part
from reservations.merchant.frame.merchant_page import action, page
from reservations.merchant.frame.visit import Visit
from reservations.merchant.stock.catalogue import catalogue
from reservations.models import Shop, ShopifyInstallation

from .chart import HEIGHT, WIDTH, outcomes
from .decisions import decisions
from .guide import steps
from .numbers import numbers
from .sale_status import state
from .scarce import scarce_skus


def _installation(visit: Visit) -> ShopifyInstallation | None:
    return ShopifyInstallation.objects.filter(shop=visit.shop).first()


def _guide(visit: Visit) -> Context:
    if visit.shop.guide_hidden:
        return {"steps": []}
    found = steps(visit.shop, _installation(visit))
    done = sum(step.is_done for step in found)
    return {"steps": found, "done": done, "all_done": done == len(found)}


def _chart(visit: Visit) -> Context:
    hours = outcomes(visit.shop)
    return {"hours": hours, "most": max(hour.total for hour in hours), "width": WIDTH, "height": HEIGHT}


def _status(visit: Visit) -> Context:
    found = state(visit.shop, _installation(visit))
    return {"state": found, "catalogue": catalogue(visit.shop, found.known.unlinked)}


_PAGE = LivePage(
    "merchant/today/page.html",
    {
        "status": Part("merchant/today/status.html", _status),
        "numbers": Part("merchant/today/numbers.html", lambda visit: {"numbers": numbers(visit.shop)}),
        "decisions": Part("merchant/today/decisions.html", lambda visit: {"decisions": decisions(visit.shop)}),
        "guide": Part("merchant/today/guide.html", _guide),
        "scarce": Part("merchant/today/scarce.html", lambda visit: {"items": scarce_skus(visit.shop)}),
        "chart": Part("merchant/today/chart.html", _chart),
    },
)


@page
def today(visit: Visit) -> HttpResponse:
    """The page. The first visit installs the app."""
    return _PAGE.answer(visit)


@action
def guide_put_away(visit: Visit) -> HttpResponse:
    """Put the guide away, or take it out again with ``hidden=0``."""
    hidden = visit.request.POST.get("hidden", "1") == "1"
    Shop.objects.filter(pk=visit.shop.pk).update(guide_hidden=hidden)
    return visit.done(_("The guide was put away.") if hidden else _("The guide is back."), go="/app/")


@action
def embed_observed(visit: Visit) -> HttpResponse:
    """Note whether the theme embed is on. Only the merchant's browser can ask App Bridge."""
    is_on = visit.request.POST.get("on") == "1"
    known = ShopifyInstallation.objects.filter(shop=visit.shop)
    changed = known.exclude(theme_embed=is_on).exists() or known.filter(theme_embed=None).exists()
    known.update(theme_embed=is_on, theme_checked_at=Now())
    return JsonResponse({"changed": changed})
