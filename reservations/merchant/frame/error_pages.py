"""The pages for a missing address, a defect and Shopify's absence: in the frame, with a way back."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from reservations.engine import EngineError
from reservations.models import Shop

from .frame_policy import framed_by
from .merchant_language import language_of
from .request_token import session_of
from .visit import Visit


def missing(request: HttpRequest) -> HttpResponse | None:
    """The page for an address without one, for the staff of a shop that we know; None for anybody else."""
    session = session_of(request)
    shop = Shop.objects.filter(domain=session.domain).first() if session else None
    if session is None or shop is None:
        return None
    with translation.override(language_of(request, shop)):
        page = Visit(request, shop, session).page("merchant/missing.html", {}, 404)
    return framed_by(page, session.domain)


def failed(request: HttpRequest) -> HttpResponse | None:
    """The page after a defect; None without a session. It reads no database, which may be what failed."""
    session = session_of(request)
    if session is None:
        return None
    with translation.override(language_of(request, None)):
        said = _("This page could not be made just now")
        return framed_by(notice(request, said, status=500), session.domain)


def unavailable(request: HttpRequest, refusal: EngineError) -> HttpResponse | None:
    """The page while the database does not answer; None without a session. It reads no database either."""
    session = session_of(request)
    if session is None:
        return None
    language = language_of(request, None)
    with translation.override(language):
        said = _("This page could not be made just now")
        page = notice(request, said, status=refusal.status, sentence=refusal.detail(language))
    return framed_by(page, session.domain)


def shopify_is_away(request: HttpRequest) -> HttpResponse:
    """The page while Shopify does not answer the questions that open a shop."""
    with translation.override(language_of(request, None)):
        return notice(request, _("Shopify could not be reached just now"), status=503)


def notice(request: HttpRequest, heading: str, *, status: int, sentence: str = "") -> HttpResponse:
    """A page with a heading, one sentence (that nothing was lost, unless it is another) and no figure."""
    context = {
        "api_key": settings.SHOPIFY_API_KEY,
        "app_bridge": settings.APP_BRIDGE_URL,
        "polaris": settings.POLARIS_URL,
        "heading": heading,
        "sentence": sentence,
    }
    return render(request, "merchant/away.html", context, status=status)
