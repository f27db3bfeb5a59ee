"""Session tokens: with each request a page inside Shopify's admin proves which shop's admin it runs in.

A JWT library rejects a wrong claim but often ignores a missing one. So we require every claim that we rely on, each of
its own type, and take the shop from the token and from nowhere else. The same secret signs the tokens of customers
(:mod:`.customer_token`), so a token of the admin has to say that it is one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt
from django.conf import settings
from shopify.session_token import ALGORITHM, LEEWAY_SECONDS

from . import app
from .shop_domain import shop_domain

_CLAIMS = {"exp": int, "nbf": int, "aud": str, "dest": str, "iss": str, "sub": str}
# Nothing but a host and a path; not urlsplit, which quietly drops line breaks.
_ADDRESS = re.compile(r"https://(?P<host>[a-z0-9.-]+)(?:/[a-z]*)?")
_ADMIN = re.compile(r"https://(?P<host>[a-z0-9.-]+)/admin")
# A customer is named by a global id.
_STAFF = re.compile(r"[0-9]+")
# A real one has about 600 characters.
_LONGEST = 4_096


class InvalidSessionToken(Exception):
    """The token proves nothing: it is forged, expired, incomplete, or meant for another app."""


@dataclass(frozen=True, slots=True)
class SessionToken:
    """A token that proves its shop, and that the app was there at ``made_at``. ``text`` can be exchanged once."""

    domain: str
    user_id: str
    text: str
    made_at: datetime


def verify(text: str) -> SessionToken:
    """The shop and user that `text` proves. Raises InvalidSessionToken."""
    claims = signed_claims(text, _CLAIMS)
    # Shopify names the shop in `dest` and again in `iss`: a token that names two shops is none of its own.
    dest, iss = _ADDRESS.fullmatch(claims["dest"]), _ADMIN.fullmatch(claims["iss"])
    if dest is None or iss is None or dest["host"] != iss["host"] or shop_domain(dest["host"]) != dest["host"]:
        raise InvalidSessionToken("dest and iss do not name one shop's admin")
    if not _STAFF.fullmatch(claims["sub"]):
        raise InvalidSessionToken("this is no member of staff")
    return SessionToken(dest["host"], claims["sub"], text, _moment(claims["nbf"]))


def _moment(seconds: int) -> datetime:
    """The time that a claim names; Shopify sets ``nbf`` to the moment in which it makes the token."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidSessionToken("a time that is none") from error


def signed_claims(text: str, required: Mapping[str, type]) -> Mapping[str, Any]:
    """What Shopify has signed for this app, and what is not over; each claim that is `required` has that very type.

    Raises InvalidSessionToken.
    """
    if len(text) > _LONGEST or not text.isascii():
        raise InvalidSessionToken("this is no token")
    for secret in app.secrets():
        try:
            # The leeway of Shopify's own libraries: its clock and ours are not the same.
            claims: Mapping[str, Any] = jwt.decode(
                text,
                secret,
                algorithms=[ALGORITHM],
                audience=settings.SHOPIFY_API_KEY,
                leeway=LEEWAY_SECONDS,
                options={"require": list(required), "strict_aud": True},
            )
        except jwt.InvalidSignatureError:
            # During a rotation the other secret may have signed it.
            continue
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise InvalidSessionToken(str(error)) from error
        for name, kind in required.items():
            if type(claims.get(name)) is not kind:
                raise InvalidSessionToken(f"claim {name} is missing or of another type")
        return claims
    raise InvalidSessionToken("signed with another secret")
