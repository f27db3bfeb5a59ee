"""Signing in to the admin: a password can be guessed only so often.

Tries are counted by the name that they are for. The address says little: whoever guesses has many, and behind a front
all look alike. So that a stranger's guesses do not keep the name's owner out, a browser that has signed in before shows
a signed cookie that says so, and its tries are counted by themselves (OWASP calls these device cookies).
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
    """Name and password, refused unread once a name was tried too often."""

    def clean(self) -> dict[str, Any]:
        """The signed-in user's form. Raises ValidationError, which says when to try again."""
        name = self.cleaned_data.get("username")
        if name and self.request is not None:
            seconds = sliding_window(settings.REDIS_URL).seconds_until_free(
                _counted_as(self.request, name), TRIES, WINDOW_SECONDS
            )
            if seconds:
                raise ValidationError(
                    _("Too many tries for this user. Try again in %(minutes)d min."),
                    code="too_many_tries",
                    params={"minutes": -(-seconds // 60)},
                )
        return super().clean()


def remember_device(response: HttpResponseBase, name: str, path: str) -> None:
    """Let this browser show later, below `path`, that `name` has signed in with it."""
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
    """A name of any length and letter case, short and without the name in it."""
    return sha256(name.casefold().encode(errors="replace")).hexdigest()[:32]
