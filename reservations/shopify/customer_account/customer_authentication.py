"""``Authorization: Bearer <session token>`` of an extension in the customer's account, which proves the shop."""

from collections.abc import Mapping
from typing import Any

from rest_framework.request import Request

from reservations.api.authentication import Authentication, Caller
from reservations.api.errors import AppNotInstalled, InvalidSessionToken
from reservations.shopify.access import customer_token, installation, session_token

CREDENTIAL = "customer"
_SCHEME = "Bearer"


class CustomerTokenAuthentication(Authentication):
    """Finds the shop whose customer's page made the call."""

    @staticmethod
    def caller_of(meta: Mapping[str, Any]) -> Caller:
        """The caller. Raises InvalidSessionToken or AppNotInstalled."""
        scheme, _, text = meta.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != _SCHEME.lower():
            raise InvalidSessionToken
        try:
            domain = customer_token.verify(text.strip())
        except session_token.InvalidSessionToken:
            # The reason would help nobody but a forger.
            raise InvalidSessionToken from None
        shop = installation.shop_with_app(domain)
        if shop is None:
            raise AppNotInstalled(_SCHEME)
        return Caller(shop, CREDENTIAL)

    def authenticate_header(self, request: Request) -> str:
        """The challenge of a 401."""
        return InvalidSessionToken().headers()["WWW-Authenticate"]
