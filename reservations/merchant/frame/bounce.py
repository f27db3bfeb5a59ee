"""The bounce: App Bridge loads a document again, with a fresh session token, when it came without a good one.

The page at ``/app/session-token`` has nothing on it but App Bridge, which sees the parameter ``shopify-reload`` and
loads that address with a new ``id_token``. So server-rendered pages need no cookie.
"""

import time
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from plumbing.whole_number import whole_number
from reservations.shopify.access import app, signatures
from reservations.shopify.access.shop_domain import shop_domain
from reservations.shopify.access.signatures import Pairs, parse

from .frame_policy import framed_by

PATH = "/app/session-token"
RELOAD = "shopify-reload"
# A browser follows a link out of Shopify's admin at once.
LINK_SECONDS = 90


def bounce(request: HttpRequest) -> HttpResponse:
    """Redirect the browser to the bounce page, which brings it back with a fresh token."""
    kept = _without(parse(request.META.get("QUERY_STRING", "")) or [], "id_token", RELOAD)
    back = f"{request.path}?{urlencode(kept)}" if kept else request.path
    return framed_by(HttpResponseRedirect(f"{PATH}?{urlencode([*kept, (RELOAD, back)])}"), asked_shop(request))


@csrf_exempt
def session_token(request: HttpRequest) -> HttpResponse:
    """The bounce page."""
    context = {"api_key": settings.SHOPIFY_API_KEY, "app_bridge": settings.APP_BRIDGE_URL}
    return framed_by(render(request, "merchant/session_token.html", context), asked_shop(request))


def asked_shop(request: HttpRequest) -> str | None:
    """The shop that the address names, if it is one. Unproven: good for an empty page's frame alone."""
    return shop_domain(request.GET.get("shop", ""))


def is_link_of_shopify(request: HttpRequest) -> bool:
    """Whether Shopify sent this browser here a moment ago, outside of its frame."""
    sent_at = whole_number(request.GET.get("timestamp", ""))
    fresh = sent_at is not None and abs(time.time() - sent_at) <= LINK_SECONDS
    return fresh and signatures.query_is_signed(request.META.get("QUERY_STRING", ""), app.secrets())


def _without(parameters: Pairs, *names: str) -> Pairs:
    return [pair for pair in parameters if pair[0] not in names]
