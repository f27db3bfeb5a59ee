"""The cookie by which a browser shows that a person has signed in with it (OWASP calls these device cookies).

We count a known browser's failures by themselves, so a stranger's guesses at the same name, or from the same office,
keep nobody out who has been here before.
"""

from hashlib import sha256
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

COOKIE = "bazico_device"
COOKIE_SECONDS = 180 * 86_400
_SALT = "bazico.admin.device"


def remember(response: HttpResponseBase, name: str, path: str) -> None:
    """Set the cookie with which this browser later shows, below `path`, that `name` has signed in with it."""
    response.set_cookie(
        COOKIE,
        signing.dumps([digest_of(name), uuid4().hex], salt=_SALT),
        max_age=COOKIE_SECONDS,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def of(request: HttpRequest, name: str) -> str | None:
    """This browser's own mark, if `name` has signed in with it; else None."""
    try:
        owner, device = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=COOKIE_SECONDS)
    except (signing.BadSignature, ValueError):
        return None
    return str(device) if owner == digest_of(name) else None


def digest_of(name: str) -> str:
    """A short digest of a name of any length, alike for any letter case, so that no name is stored."""
    return sha256(name.casefold().encode(errors="replace")).hexdigest()[:32]
