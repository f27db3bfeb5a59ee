"""Shops with the app, installed the way a merchant does it: by opening the app."""

from datetime import timedelta
from typing import Any

from django.db.models.functions import Now

from reservations.models import InstallationState, Shop, ShopifyInstallation
from reservations.shopify.access import session_token
from reservations.shopify.access.installation import open_app
from sandbox.shopify import RunningStandIn
from tests.factories import make_shop


def opened(shopify: RunningStandIn, domain: str) -> Shop:
    """The shop after its merchant opened the app."""
    text = shopify.control.post("session-token", shop=domain)["token"]
    return open_app(session_token.verify(text))[0]


def installed_shop(shopify: RunningStandIn, **settings: object) -> Shop:
    """A shop that is known to Shopify and to us, with tokens."""
    shop = make_shop(**settings)
    shopify.control.post("stores", shop=shop.domain)
    return opened(shopify, shop.domain)


def installation(shop: Shop) -> ShopifyInstallation:
    """The row as it is in the database now."""
    return ShopifyInstallation.objects.get(shop=shop)


def let_access_token_end(shop: Shop, *, seconds: int = -1) -> None:
    """Let the access token end `seconds` from now, by the database's clock."""
    ShopifyInstallation.objects.filter(shop=shop).update(access_expires_at=Now() + timedelta(seconds=seconds))


def issued(shopify: RunningStandIn, shop: Shop) -> list[str]:
    """The grant behind each token of the shop, in order."""
    return [issue["kind"] for issue in shopify.control.get("tokens")["tokens"] if issue["shop"] == shop.domain]


def operations(shopify: RunningStandIn, shop: Shop) -> list[dict[str, Any]]:
    """The GraphQL requests of the shop, in order."""
    requests = shopify.control.get("requests")["requests"]
    return [r for r in requests if r["account"] == shop.domain and r["path"].endswith("graphql.json")]


def mark_installed(shop: Shop, *, state: str = InstallationState.INSTALLED) -> ShopifyInstallation:
    """A row that says how the app stands in the shop, without tokens."""
    return ShopifyInstallation.objects.create(shop=shop, state=state, installed_at=Now())
