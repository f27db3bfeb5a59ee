"""``Authorization: Bearer <session token>``: how a page inside Shopify's admin calls the API."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.request import Request

from reservations.api.authentication import Authentication, Caller
from reservations.api.errors import AppNotInstalled, InvalidSessionToken

from . import installation, session_token

SCHEME = "Bearer"


class SessionTokenAuthentication(Authentication):
    """Finds the shop for whose admin Shopify made the token. Each member of its staff has its own idempotency keys."""

    @staticmethod
    def caller_of(meta: Mapping[str, Any]) -> Caller | None:
        """The caller; None without a token. Raises InvalidSessionToken or AppNotInstalled."""
        scheme, _, token = meta.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        try:
            session = session_token.verify(token.strip())
        except session_token.InvalidSessionToken:
            # The reason would help nobody but a forger.
            raise InvalidSessionToken from None
        shop = installation.shop_with_app(session.domain)
        if shop is None:
            raise AppNotInstalled(SCHEME)
        return Caller(shop, f"session:{session.user_id[:80]}")

    def authenticate_header(self, request: Request) -> str:
        """The challenge of a 401."""
        return InvalidSessionToken().headers()["WWW-Authenticate"]


class SessionTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """This authentication in the OpenAPI schema."""

    target_class = SessionTokenAuthentication
    name = "SessionToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """The scheme as OpenAPI writes it."""
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The session token that App Bridge gives the page inside Shopify's admin",
        }
