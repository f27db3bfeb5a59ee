"""`GET /bling/connect`: we send the merchant on to Bling's consent page."""

import secrets

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bling_sync.oauth import consent_request
from reservations.admin.seen_shops import seen_by
from reservations.models import Shop

from .plain_page import page

COOKIE = "bling_connect"


@never_cache
@require_safe
def connect(request: HttpRequest) -> HttpResponseBase:
    """Redirect to Bling for the shop of a signed `link`, or, to staff who are signed in, of `shop`."""
    shop = _shop(request)
    if shop is None:
        sentence = _("This address does not say which shop, or it has grown old. Begin again from the app.")
        return page(request, 403, _("We could not go to Bling"), sentence)
    browser = secrets.token_urlsafe(32)
    response: HttpResponse = HttpResponseRedirect(consent_request.authorization_address(shop, browser=browser))
    response.set_cookie(
        COOKIE,
        browser,
        max_age=int(consent_request.LIVES.total_seconds()),
        path="/bling/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        # Bling's redirect is a navigation from another site: a stricter cookie would stay at home.
        samesite="Lax",
    )
    return response


def _shop(request: HttpRequest) -> Shop | None:
    link = request.GET.get("link")
    if link:
        shop_id = consent_request.shop_of_link(link)
        return Shop.objects.filter(pk=shop_id).first() if shop_id else None
    # Whoever may see the admin has proven whatever it asks of them.
    if not admin.site.has_permission(request):
        return None
    if not request.user.has_perm("bling_sync.change_connection"):
        return None
    return seen_by(request.user).filter(domain=request.GET.get("shop", "")).first()
