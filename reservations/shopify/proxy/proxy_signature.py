"""The signature that Shopify puts into the query of a shopper's call: it proves the shop, and the customer's number."""

import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from rest_framework.request import Request

from plumbing.whole_number import whole_number
from reservations.api.authentication import Authentication, Caller
from reservations.api.caller_address import UNREADABLE, caller_address
from reservations.api.errors import AppNotInstalled, InvalidProxySignature
from reservations.api.web_request import is_secure
from reservations.engine import Shopper
from reservations.shopify.access import app, installation, signatures
from reservations.shopify.access.shop_domain import shop_domain

# As long as Shopify's own libraries accept a signed call.
FRESH_SECONDS = 90
CREDENTIAL = "proxy"
# Shopify's app proxy writes the shopper's address as our own proxies write theirs.
SHOPIFYS_PROXIES = 1


class AppProxyAuthentication(Authentication):
    """Finds the shop through whose app proxy the call came."""

    @staticmethod
    def caller_of(meta: Mapping[str, Any]) -> Caller:
        """The caller. Raises InvalidProxySignature or AppNotInstalled."""
        query = meta.get("QUERY_STRING", "")
        # Never redirected to HTTPS (settings): the answer would repeat a signed query, which is good for 90 seconds.
        if settings.SECURE_SSL_REDIRECT and not is_secure(meta):
            raise InvalidProxySignature
        if not signatures.proxied_call_is_signed(query, app.secrets()):
            raise InvalidProxySignature
        # `proxied_call_is_signed` has made sure that the query parses and names each of these once.
        signed = dict(signatures.parse(query) or ())
        if not _is_fresh(signed["timestamp"]):
            raise InvalidProxySignature
        domain = shop_domain(signed["shop"])
        # A signature is no proof for another spelling of the domain.
        if domain != signed["shop"]:
            raise InvalidProxySignature
        shop = installation.shop_with_app(domain)
        if shop is None:
            raise AppNotInstalled
        shopper = Shopper(signed.get("logged_in_customer_id", ""), _address(meta))
        return Caller(shop, CREDENTIAL, shopper=shopper)

    def authenticate_header(self, request: Request) -> str:
        """The challenge of a 401."""
        return InvalidProxySignature().headers()["WWW-Authenticate"]


def _address(meta: Mapping[str, Any]) -> str:
    """The shopper's address, empty where nobody knows it: they are not all one household."""
    address = caller_address(meta, passed_on_by=SHOPIFYS_PROXIES)
    return "" if address == UNREADABLE else address


def _is_fresh(timestamp: str) -> bool:
    made_at = whole_number(timestamp)
    return made_at is not None and abs(time.time() - made_at) <= FRESH_SECONDS
