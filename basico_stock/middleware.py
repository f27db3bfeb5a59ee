"""Django's middlewares for pages, skipped where nobody signs in with a cookie.

The API authenticates each request by itself and must answer in a fraction of a millisecond, so sessions, cookies, CSRF
tokens and translations run only for pages, by path. A page added outside these prefixes has no session, so it fails at
its first test and not in silence.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware import clickjacking, csrf, locale
from django.utils.deprecation import MiddlewareMixin
from django_otp import middleware as second_factor

PAGE_PREFIXES = ("/admin", "/app/", "/bling/", "/sandbox/")

if TYPE_CHECKING:
    Base = MiddlewareMixin
else:
    Base = object


class OnlyPages(Base):
    """Mix-in that goes before a middleware's own class: requests outside the pages skip it."""

    get_response: Callable[[HttpRequest], HttpResponseBase]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Hand a page's request to the middleware, any other to the next one."""
        if request.path_info.startswith(PAGE_PREFIXES):
            return super().__call__(request)  # type: ignore[return-value]
        return self.get_response(request)


class SessionMiddleware(OnlyPages, sessions.SessionMiddleware):
    """Sessions, on pages."""


class LocaleMiddleware(OnlyPages, locale.LocaleMiddleware):
    """The visitor's language, on pages. The API reads Accept-Language where it words an error."""


class CsrfViewMiddleware(OnlyPages, csrf.CsrfViewMiddleware):
    """Cross-site request forgery protection, on pages. Nothing else accepts a cookie as proof of who asks."""

    def process_view(self, request: HttpRequest, *args: object, **kwargs: object) -> object:  # type: ignore[override]
        """Check the token of a page's request."""
        if not request.path_info.startswith(PAGE_PREFIXES):
            return None
        return super().process_view(request, *args, **kwargs)  # type: ignore[arg-type]


class AuthenticationMiddleware(OnlyPages, auth.AuthenticationMiddleware):
    """The signed-in member of staff, on pages."""


class SecondFactorMiddleware(OnlyPages, second_factor.OTPMiddleware):
    """What the session says of a second factor that the member of staff has proven, on pages."""


class MessageMiddleware(OnlyPages, messages.MessageMiddleware):
    """Messages after a form, on pages."""


class XFrameOptionsMiddleware(OnlyPages, clickjacking.XFrameOptionsMiddleware):
    """No page in somebody else's frame, unless its view says otherwise."""
