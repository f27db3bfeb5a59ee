"""The frame of every sandbox page: language, menu, and the policy on what it may load."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
PORTUGUESE, ENGLISH = "pt-br", "en"


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that the menu names."""

    name: str
    address: str
    label: str | Promise


NAVIGATION = (
    Entry("race", "/sandbox/", _("Ana × Beto")),  # noqa: RUF001 - the sign is meant
    Entry("store", "/sandbox/loja/", _("The store")),
    Entry("admin", "/sandbox/admin/", _("Shopify's admin")),
    Entry("bling", "/sandbox/bling/", _("Bling")),
)


def show(request: HttpRequest, template: str, here: str, **context: object) -> HttpResponse:
    """The page of `template` in the reader's language; `here` is its name in the menu."""
    language = language_of(request)
    with translation.override(language):
        response = render(request, template, {"here": here, "navigation": NAVIGATION, **context})
    if "locale" in request.GET:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, path="/sandbox/", samesite="Lax")
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "no-store"
    # The policy above says who may frame it.
    response.xframe_options_exempt = True
    return response


def language_of(request: HttpRequest) -> str:
    """What `?locale=` asks for, else what the middleware found in cookie or Accept-Language."""
    asked = request.GET.get("locale") or translation.get_language() or PORTUGUESE
    return PORTUGUESE if asked.lower().startswith("pt") else ENGLISH
