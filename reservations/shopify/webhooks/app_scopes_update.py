"""``app/scopes_update``: the merchant has changed what the app may do."""

from collections.abc import Sequence

from reservations.models import ShopifyInstallation
from reservations.shopify.access import installation

from .handler import Event, Handler
from .payload_reader import InvalidPayload


def fetch(event: Event) -> Sequence[str] | None:
    """Ask for the scopes granted now: of two changes, the older's webhook may come last. Raises ShopifyError."""
    return installation.granted_scopes(event.shop.pk)


def apply(event: Event, fetched: Sequence[str] | None = None) -> bool:
    """Store the scopes granted now: Shopify's answer, else the payload's. Raises InvalidPayload."""
    current = event.payload.get("current")
    if not isinstance(current, list) or not all(isinstance(scope, str) for scope in current):
        raise InvalidPayload("current is not a list of scopes")
    installed = ShopifyInstallation.objects.filter(shop=event.shop, installed_at__lte=event.triggered_at)
    return installed.update(scopes=",".join(sorted(current if fetched is None else fetched))) > 0


handler = Handler(apply, fetch)
