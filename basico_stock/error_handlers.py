"""Answer where no view does: inside Shopify's admin with a page, everywhere else with our JSON.

While the database does not answer, a view, a middleware that reads the session, or a template fails with its error. All
of that ends here, so one place says 503 and when to come back, where a page would else look like a defect.
"""

import logging
import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from basico_stock.middleware import PAGE_PREFIXES
from reservations.api import exception_handler
from reservations.engine import EngineError
from reservations.merchant.frame import error_pages

logger = logging.getLogger(__name__)

_PAGES = "/app/"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404."""
    page = error_pages.missing(request) if request.path.startswith(_PAGES) else None
    return page or exception_handler.not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500, called while the exception is at hand. A database that is away is no defect: 503."""
    error = sys.exception()
    refusal = exception_handler.refusal_of(error) if error else None
    if refusal is not None and refusal.status == 503:
        return _try_later(request, refusal, error)
    page = error_pages.failed(request) if request.path.startswith(_PAGES) else None
    return page or exception_handler.server_error(request)


def _try_later(request: HttpRequest, refusal: EngineError, error: BaseException | None) -> HttpResponse:
    """The refusal as the caller reads it: in Shopify's frame, as a plain page, or as JSON."""
    logger.warning("%s: %s: %s", request.path, refusal.code, (error and error.__cause__) or error)
    if not request.path.startswith(PAGE_PREFIXES):
        return exception_handler.refused(request, refusal)
    framed = error_pages.unavailable(request, refusal) if request.path.startswith(_PAGES) else None
    page = framed or _plain_page(refusal)
    page["Retry-After"] = str(refusal.retry_after)
    page["Cache-Control"] = "no-store"
    # Django would log a traceback for it: a minute without the database is a line for each page, not a screen.
    page._has_been_logged = True  # type: ignore[attr-defined]
    return page


def _plain_page(refusal: EngineError) -> HttpResponse:
    """A page that needs neither the database nor a session: Portuguese first, then English."""
    texts = {"portuguese": refusal.detail("pt-br"), "english": refusal.detail("en")}
    page = HttpResponse(render_to_string("unavailable.html", texts), status=refusal.status)
    page["Content-Language"] = "pt-BR"
    return page
