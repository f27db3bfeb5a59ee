"""Answer where no view does: inside Shopify's admin with a page, everywhere else with our JSON."""

from django.http import HttpRequest, HttpResponse

from reservations.api import exception_handler
from reservations.merchant.frame import error_pages

_PAGES = "/app/"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404."""
    page = error_pages.missing(request) if request.path.startswith(_PAGES) else None
    return page or exception_handler.not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500, after the traceback was logged."""
    page = error_pages.failed(request) if request.path.startswith(_PAGES) else None
    return page or exception_handler.server_error(request)
