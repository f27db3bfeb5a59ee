"""A merchant on the pages inside Shopify's admin: each request carries a session token and no cookie."""

import re
from typing import Any

from django.db.models.functions import Now
from django.test import Client

from plumbing.encryption import encrypt
from reservations.models import InstallationState, Shop, ShopifyInstallation
from tests.factories import make_shop
from tests.shopify.signing import session_token

# White space between elements, and at the edges of one, is the template's layout and not the page's text.
BETWEEN, AT_THE_END, AT_THE_START = r"(?<=>)\s+(?=<)", r"\s+(?=</)", r"(?<=<d[dt]>)\s+"
LAYOUT = re.compile(f"{BETWEEN}|{AT_THE_END}|{AT_THE_START}")
BROKEN_LINE = re.compile(r"\s*\n\s*")


class Merchant:
    """A shop with the app, and the browser of somebody who works there."""

    def __init__(self, **settings: object) -> None:
        """Install the app in a new shop; `settings` as the model names them."""
        self.shop: Shop = make_shop(**settings)
        ShopifyInstallation.objects.create(
            shop=self.shop,
            state=InstallationState.INSTALLED,
            installed_at=Now(),
            access_token=encrypt("shpat_of_a_test", owner=f"shop:{self.shop.pk}:shopify"),
        )
        # A client that keeps no cookie, like a browser that blocks third-party cookies.
        self._client = Client(enforce_csrf_checks=True)

    def get(self, path: str, *, part: str = "", locale: str = "", **headers: str) -> Any:
        """A page, or a part of it."""
        return self._client.get(path, headers=self._headers(part, locale) | headers)

    def post(self, path: str, locale: str = "", **fields: object) -> Any:
        """Send a form of a page."""
        return self._client.post(path, fields, headers=self._headers("", locale))

    def page(self, path: str, *, part: str = "", locale: str = "") -> str:
        """The page's text without the white space around its elements; fails unless the status is 200."""
        response = self.get(path, part=part, locale=locale)
        assert response.status_code == 200, (path, response.status_code, response.content[:300])
        assert not response.cookies
        return BROKEN_LINE.sub(" ", LAYOUT.sub("", response.content.decode()))

    def _headers(self, part: str, locale: str) -> dict[str, str]:
        known = {"Authorization": f"Bearer {session_token(self.shop.domain)}"}
        return known | ({"Bazico-Part": part} if part else {}) | ({"Bazico-Locale": locale} if locale else {})
