"""``app/scopes_update``: what the merchant lets the app do has changed."""

from reservations.models import ShopifyInstallation

from .handler import Event, Handler
from .reading import InvalidPayload


def apply(event: Event, fetched: None = None) -> bool:
    """Keep the scopes that are granted now. Raises InvalidPayload."""
    current = event.payload.get("current")
    if not isinstance(current, list) or not all(isinstance(scope, str) for scope in current):
        raise InvalidPayload("current is not a list of scopes")
    installed = ShopifyInstallation.objects.filter(shop=event.shop, installed_at__lte=event.triggered_at)
    return installed.update(scopes=",".join(sorted(current))) > 0


handler = Handler(apply)
