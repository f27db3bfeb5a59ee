"""`/bling/connect`: we name the shop and the account and ask; then we send the merchant on to Bling's consent page."""

import secrets

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bling_sync.models import Connection, ConnectionState
from bling_sync.oauth import consent_request
from reservations.admin.seen_shops import seen_by
from reservations.models import Shop

from .plain_page import page, question

COOKIE = "bling_connect"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: HttpRequest) -> HttpResponse:
    """Ask, and on yes redirect to Bling, for the shop of a signed `link` or, to staff who are signed in, of `shop`."""
    if request.method == "HEAD":
        # A program that looks ahead must not take the link: the first browser has it.
        return HttpResponse()
    browser = request.COOKIES.get(COOKIE) or secrets.token_urlsafe(32)
    shop = _shop(request, browser)
    if shop is None:
        sentence = _(
            "This address does not say which shop, was used before, or has grown old. Begin again from the app."
        )
        return page(request, 403, _("We could not go to Bling"), sentence)
    if request.method == "POST":
        response: HttpResponse = HttpResponseRedirect(consent_request.authorization_address(shop, browser=browser))
    else:
        response = _ask(request, shop)
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


def _ask(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Whose link it is nobody can see: say whose sales will go into whose account before anything does."""
    named = f"{shop.name} ({shop.domain})" if shop.name else shop.domain
    known = Connection.objects.filter(shop=shop).exclude(state=ConnectionState.DISCONNECTED).first()
    account = known.company_name or known.company_id if known else ""
    return question(
        request,
        _("Connect this shop to Bling?"),
        _("Shop: %(shop)s") % {"shop": named},
        _("Bling account: %(company)s, as today.") % {"company": account}
        if account
        else _("Bling account: the one that you sign in to on the next page."),
        _("The account's stock becomes the shop's, and each sale of the shop is booked in the account."),
        _("Did somebody send you this address, or is this not your shop? Then close this window: nothing was changed."),
        button=_("Continue to Bling"),
        leads_to=settings.BLING_AUTHORIZE_URL,
    )


def _shop(request: HttpRequest, browser: str) -> Shop | None:
    link = request.GET.get("link")
    if link:
        take = consent_request.use_link if request.method == "POST" else consent_request.open_link
        return take(link, browser)
    # Whoever may see the admin has proven whatever it asks of them.
    if not admin.site.has_permission(request):
        return None
    if not request.user.has_perm("bling_sync.change_connection"):
        return None
    return seen_by(request.user).filter(domain=request.GET.get("shop", "")).first()
