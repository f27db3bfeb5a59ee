"""This machine's stand-ins, found at the addresses in the service's settings."""

from urllib.parse import urlsplit

import requests
from django.conf import settings

from reservations.demo_shop import DEMO_DOMAIN
from sandbox.stand_in import Remote, RemoteError

# What goes wrong when a stand-in is not there, or something else is in its place.
AWAY = (requests.RequestException, RemoteError)


def shopify() -> Remote:
    """Shopify's stand-in."""
    return Remote(_origin(settings.SHOPIFY_ADMIN_URL))


def bling() -> Remote:
    """Bling's stand-in."""
    return Remote(_origin(settings.BLING_API_URL))


def storefront() -> str:
    """The address of the demo shop's storefront."""
    return str(settings.SHOPIFY_ADMIN_URL).replace("{shop}", DEMO_DOMAIN)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
