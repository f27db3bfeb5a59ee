"""A merchant at the pages inside Shopify's admin: each request carries a session token, and no cookie."""

from typing import Any

from django.db.models.functions import Now
from django.test import Client

from plumbing.encryption import encrypt
from reservations.models import InstallationState, Shop, ShopifyInstallation
from tests.factories import make_shop
from tests.shopify.signing import session_token


class Merchant:
    """A shop with the app installed, and the browser of one who works there."""

    def __init__(self, **settings: object) -> None:
        """Install the app in a new shop; `settings` as the model names them."""
        self.shop: Shop = make_shop(**settings)
        ShopifyInstallation.objects.create(
            shop=self.shop,
            state=InstallationState.INSTALLED,
            installed_at=Now(),
            access_token=encrypt("shpat_of_a_test", owner=f"shop:{self.shop.pk}:shopify"),
        )
        # A client that keeps no cookie, as a browser that blocks third parties' cookies.
        self._client = Client(enforce_csrf_checks=True)

    def get(self, path: str, *, part: str = "", locale: str = "", **headers: str) -> Any:
        """A page, or a part of it."""
        return self._client.get(path, headers=self._headers(part, locale) | headers)

    def post(self, path: str, locale: str = "", **fields: object) -> Any:
        """An order from a form of a page."""
        return self._client.post(path, fields, headers=self._headers("", locale))

    def page(self, path: str, *, part: str = "", locale: str = "") -> str:
        """What the page says. It must be there."""
        response = self.get(path, part=part, locale=locale)
        assert response.status_code == 200, (path, response.status_code, response.content[:300])
        assert not response.cookies
        return str(response.content.decode())

    def _headers(self, part: str, locale: str) -> dict[str, str]:
        known = {"Authorization": f"Bearer {session_token(self.shop.domain)}"}
        return known | ({"Bazico-Part": part} if part else {}) | ({"Bazico-Locale": locale} if locale else {})
