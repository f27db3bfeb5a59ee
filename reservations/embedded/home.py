"""``/app/``: where Shopify's admin opens the app. The first visit installs it; nobody types a shop's name anywhere."""

import logging
import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from reservations.models import Reservation, Shop, ShopifyInstallation, Shortfall, Status, StockItem
from reservations.shopify import app, signatures
from reservations.shopify.domains import store_name
from reservations.shopify.errors import ShopifyError, SubjectTokenRefused
from reservations.shopify.installing import open_app

from .bounce import asked_shop, bounce
from .framing import ADMIN, APP_BRIDGE, POLARIS, framed_by
from .sessions import is_fetch, session_of

logger = logging.getLogger(__name__)

# A link out of Shopify's admin is followed at once.
LINK_SECONDS = 90


@csrf_exempt
def home(request: HttpRequest) -> HttpResponse:
    """The page, for the shop that the session token names; without a good token a way to get one.

    The token is the proof and the only one: no cookie is read or set, so there is nothing for a forged form to use.
    """
    session = session_of(request)
    if session is None:
        return _without_session(request)
    try:
        shop, _ = open_app(session)
    except SubjectTokenRefused:
        return bounce(request)
    except ShopifyError as error:
        logger.warning("shop %s could not be opened: %s", session.domain, error)
        return framed_by(render(request, "embedded/away.html", _assets(), status=503), session.domain)
    return framed_by(render(request, "embedded/home.html", _assets() | _figures(shop)), session.domain)


def _without_session(request: HttpRequest) -> HttpResponse:
    if is_fetch(request):
        # App Bridge tries once more with a fresh token.
        headers = {"X-Shopify-Retry-Invalid-Session-Request": "1"}
        return framed_by(HttpResponse(status=401, headers=headers), None)
    shop = asked_shop(request)
    if shop and request.GET.get("embedded") != "1" and _is_link_of_shopify(request):
        return HttpResponseRedirect(f"{ADMIN}/store/{store_name(shop)}/apps/{settings.SHOPIFY_API_KEY}")
    return bounce(request)


def _is_link_of_shopify(request: HttpRequest) -> bool:
    """Whether Shopify sent this browser here a moment ago, outside of its frame."""
    timestamp = request.GET.get("timestamp", "")
    fresh = timestamp.isascii() and timestamp.isdigit() and abs(time.time() - int(timestamp[:12])) <= LINK_SECONDS
    return fresh and signatures.query_is_signed(request.META.get("QUERY_STRING", ""), app.secrets())


def _assets() -> dict[str, object]:
    return {"api_key": settings.SHOPIFY_API_KEY, "app_bridge": APP_BRIDGE, "polaris": POLARIS}


def _figures(shop: Shop) -> dict[str, object]:
    return {
        "shop": shop,
        "installation": ShopifyInstallation.objects.filter(shop=shop).first(),
        "skus": StockItem.objects.filter(shop=shop).count(),
        "holds": Reservation.objects.filter(shop=shop, status=Status.ACTIVE).count(),
        "shortfalls": Shortfall.objects.filter(shop=shop, resolved_at=None, quantity__gt=0).count(),
    }
