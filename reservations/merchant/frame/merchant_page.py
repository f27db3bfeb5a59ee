"""From a request to a visit: the session token, the shop's installation, the language, the frame."""

import logging
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from reservations.shopify.access.installation import open_app
from reservations.shopify.access.shop_domain import store_name
from reservations.shopify.errors import ShopifyError, SubjectTokenRefused

from .bounce import asked_shop, bounce, is_link_of_shopify
from .error_pages import shopify_is_away
from .frame_policy import ADMIN, framed_by
from .merchant_language import language_of
from .request_token import is_fetch, session_of
from .visit import PART_HEADER, Visit

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]
_DOCUMENTS = ("GET", "HEAD")


def page(view: View) -> View:
    """Call `view` with a Visit and the address's arguments, for the shop that the session token names.

    The token is the only proof. No cookie is read or set, so a forged form has nothing to use.
    """

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, **arguments: object) -> HttpResponse:
        session = session_of(request)
        if session is None:
            return without_session(request)
        try:
            shop, _ = open_app(session, by_itself=PART_HEADER in request.META)
        except SubjectTokenRefused:
            return without_session(request) if _is_script(request) else bounce(request)
        except ShopifyError as error:
            logger.warning("shop %s could not be opened: %s", session.domain, error)
            return framed_by(shopify_is_away(request), session.domain)
        with translation.override(language_of(request, shop)):
            response = view(Visit(request, shop, session), **arguments)
        return framed_by(response, session.domain)

    return answer


def action(view: View) -> View:
    """Like :func:`page`, for what a merchant does: only a POST reaches `view`."""

    @wraps(view)
    def act(visit: Visit, **arguments: object) -> HttpResponse:
        return view(visit, **arguments) if visit.sends else HttpResponseNotAllowed(["POST"])

    return page(act)


def without_session(request: HttpRequest) -> HttpResponse:
    """Answer a request that has no good token with a way to one."""
    if _is_script(request):
        # App Bridge tries once more with a fresh token.
        headers = {"X-Shopify-Retry-Invalid-Session-Request": "1"}
        return framed_by(HttpResponse(status=401, headers=headers), None)
    shop = asked_shop(request)
    if shop and request.GET.get("embedded") != "1" and is_link_of_shopify(request):
        return HttpResponseRedirect(f"{ADMIN}/store/{store_name(shop)}/apps/{settings.SHOPIFY_API_KEY}")
    return bounce(request)


def _is_script(request: HttpRequest) -> bool:
    """Whether a script asks, or a form: the bounce can only bring back a document, by its address."""
    return is_fetch(request) or request.method not in _DOCUMENTS
