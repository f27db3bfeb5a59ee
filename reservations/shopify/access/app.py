"""This app, as Shopify knows it."""

from django.conf import settings

API_VERSION = "2026-10"
# The scopes that the app asks the merchant for; shopify.app.toml names the same.
SCOPES = (
    "read_inventory",
    "read_locations",
    "read_orders",
    "read_products",
    "read_returns",
    "write_app_proxy",
    "write_inventory",
    "write_orders",
    "write_validations",
)
# A shorter secret could be guessed, and an empty one verifies every forgery.
SHORTEST_SECRET = 16


def secrets() -> tuple[str, ...]:
    """The secrets that Shopify may sign with: the app's, and during a rotation the previous one."""
    known = (settings.SHOPIFY_API_SECRET, settings.SHOPIFY_API_SECRET_PREVIOUS)
    return tuple(secret for secret in known if len(secret.strip()) >= SHORTEST_SECRET)


def admin_url(domain: str) -> str:
    """The base address of the Admin API of the shop `domain`, without a trailing slash."""
    return str(settings.SHOPIFY_ADMIN_URL).format(shop=domain).rstrip("/")
