"""Sign-in to the admin, which limits how often anybody can guess a password.

We count tries by user name. The address says little: a guesser has many, and behind a proxy all look alike. So that a
stranger's guesses do not lock the owner out, a browser that has signed in before shows a signed cookie, and we count
its tries by themselves (OWASP calls these device cookies).
"""

from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from reservations.api.throttle import sliding_window

TRIES = 10
WINDOW_SECONDS = 900
COOKIE = "bazico_device"
COOKIE_SECONDS = 180 * 86_400
_SALT = "bazico.admin.device"


class SignInForm(AdminAuthenticationForm):
    """Name and password; refuses a name, without checking the password, after too many tries."""

    def clean(self) -> dict[str, Any]:
        """Check name and password. Raises ValidationError, which after too many tries says when to try again."""
        name = self.cleaned_data.get("username")
        if name and self.request is not None:
            seconds = sliding_window(settings.REDIS_URL).seconds_until_free(
                _counted_as(self.request, name), TRIES, WINDOW_SECONDS
            )
            if seconds:
                raise ValidationError(
                    _("Too many tries for this user. Try again in %(minutes)d min."),
                    code="too_many_tries",
                    # Rounded up: a minute too early would be refused again.
                    params={"minutes": -(-seconds // 60)},
                )
        return super().clean()


def remember_device(response: HttpResponseBase, name: str, path: str) -> None:
    """Set the cookie with which this browser later shows, below `path`, that `name` has signed in with it."""
    response.set_cookie(
        COOKIE,
        signing.dumps([_digest(name), uuid4().hex], salt=_SALT),
        max_age=COOKIE_SECONDS,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _counted_as(request: HttpRequest, name: str) -> str:
    try:
        owner, device = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=COOKIE_SECONDS)
    except (signing.BadSignature, ValueError):
        return f"sign-in:{_digest(name)}"
    return f"sign-in:{_digest(name)}:{device}" if owner == _digest(name) else f"sign-in:{_digest(name)}"


def _digest(name: str) -> str:
    """A short digest of a name of any length, alike for any letter case, so that no name is stored."""
    return sha256(name.casefold().encode(errors="replace")).hexdigest()[:32]
