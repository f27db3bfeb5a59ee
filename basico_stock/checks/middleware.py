"""MIDDLEWARE must have what protects pages: Django's own classes or their subclasses in basico_stock/middleware.py."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.module_loading import import_string


@register(Tags.security)
def forms_are_protected(**_: Any) -> list[CheckMessage]:
    """Without CSRF protection somebody else's page could submit any form of the admin."""
    if _has(CsrfViewMiddleware):
        return []
    return [Error("MIDDLEWARE has no CsrfViewMiddleware: put basico_stock.middleware' back.", id="basico.E033")]


@register(Tags.security)
def pages_are_not_framed(**_: Any) -> list[CheckMessage]:
    """Without X-Frame-Options somebody else's page could lay the admin invisibly over itself."""
    if _has(XFrameOptionsMiddleware):
        return []
    return [Error("MIDDLEWARE has no XFrameOptionsMiddleware: put basico_stock.middleware' back.", id="basico.E034")]


def _has(wanted: type) -> bool:
    found = (import_string(name) for name in settings.MIDDLEWARE)
    return any(isinstance(middleware, type) and issubclass(middleware, wanted) for middleware in found)
