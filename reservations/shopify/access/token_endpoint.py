"""Shopify's token endpoint, which gives a new pair of tokens for a session token or a refresh token."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from plumbing.away_from_database import pause
from reservations.shopify.client import http_post
from reservations.shopify.errors import ClientRefused, NeedsReopen, ShopifyError, SubjectTokenRefused, Unreachable

from . import app

# A lost answer costs nothing but time: the same refresh token works until its successor is used.
ATTEMPTS = 3
PAUSE_SECONDS = 0.5
TIME_LIMIT_SECONDS = 12.0

_EXCHANGE = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
    "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
    # Without it Shopify would still hand out the kind of token that its Admin API no longer accepts.
    "expiring": "1",
}


@dataclass(frozen=True, slots=True)
class TokenPair:
    """An offline access token and what renews it. Lifetimes are seconds from now, None where Shopify names none."""

    access_token: str
    access_seconds: int | None
    refresh_token: str
    refresh_seconds: int | None
    scopes: str


def exchange(domain: str, session_token: str) -> TokenPair:
    """Get an expiring offline token for a session token. This ends the refresh token that the shop had before.

    Raises SubjectTokenRefused, ClientRefused, Unreachable and ShopifyError.
    """
    return _ask(domain, {**_EXCHANGE, "subject_token": session_token})


def refresh(domain: str, refresh_token: str) -> TokenPair:
    """Get the next pair. Raises NeedsReopen (the refresh token is spent), ClientRefused, Unreachable, ShopifyError."""
    return _ask(domain, {"grant_type": "refresh_token", "refresh_token": refresh_token})


def _ask(domain: str, grant: Mapping[str, str]) -> TokenPair:
    url = f"{app.admin_url(domain)}/admin/oauth/access_token"
    form = {"client_id": settings.SHOPIFY_API_KEY, "client_secret": settings.SHOPIFY_API_SECRET, **grant}
    deadline = time.monotonic() + TIME_LIMIT_SECONDS
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _pair(http_post.post(url, form=form, deadline=deadline))
        except Unreachable as error:
            seconds = error.retry_after or PAUSE_SECONDS * attempt
            if attempt == ATTEMPTS or time.monotonic() + seconds > deadline:
                raise
            pause(seconds)
    raise AssertionError


def _pair(reply: http_post.Reply) -> TokenPair:
    if reply.status == 429 or reply.status >= 500:
        raise Unreachable(f"token endpoint: {reply.status}", sent=True, retry_after=reply.retry_after)
    said = reply.json()
    said = said if isinstance(said, dict) else {}
    if reply.status != 200:
        raise _refusal(reply.status, str(said.get("error", "")))
    if not isinstance(said.get("access_token"), str) or not said["access_token"]:
        raise Unreachable("token endpoint: an answer without a token", sent=True)
    return TokenPair(
        said["access_token"],
        _seconds(said.get("expires_in")),
        str(said.get("refresh_token") or ""),
        _seconds(said.get("refresh_token_expires_in")),
        str(said.get("scope") or ""),
    )


def _refusal(status: int, error: str) -> ShopifyError:
    match error:
        case "invalid_subject_token":
            return SubjectTokenRefused("the session token was refused")
        case "invalid_grant":
            return NeedsReopen("the refresh token is spent")
        case "invalid_client" | "unauthorized_client":
            return ClientRefused("the app's credentials were refused for this shop")
    return ShopifyError(f"token endpoint: {status} {error[:100]}")


def _seconds(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else None
