"""``Authorization: Bearer <session token>``: the page inside Shopify's admin."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from reservations.api.caller import Caller
from reservations.api.errors import AppNotInstalled, InvalidSessionToken

from .access import installation, session_token

SCHEME = "Bearer"


class SessionTokenAuthentication(BaseAuthentication):
    """Finds the shop whose admin the token was made for. Members of its staff have idempotency keys of their own."""

    def authenticate(self, request: Request) -> tuple[None, Caller] | None:
        """No user, and the caller; None without a token. Raises InvalidSessionToken or AppNotInstalled."""
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        try:
            session = session_token.verify(token.strip())
        except session_token.InvalidSessionToken:
            # Without the reason: it helps nobody but a forger.
            raise InvalidSessionToken from None
        shop = installation.shop_with_app(session.domain)
        if shop is None:
            raise AppNotInstalled(SCHEME)
        return None, Caller(shop, f"session:{session.user_id[:80]}")

    def authenticate_header(self, request: Request) -> str:
        """The challenge of a 401."""
        return InvalidSessionToken().headers()["WWW-Authenticate"]
