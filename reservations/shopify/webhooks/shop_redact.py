"""``shop/redact``: two days after the app has left a shop, we have to erase its data."""

from collections.abc import Sequence

from reservations.models import InstallationState, ShopifyInstallation
from reservations.shopify import privacy
from reservations.shopify.access import installation

from .handler import Event, Handler


def fetch(event: Event) -> Sequence[str] | None:
    """Ask Shopify what the app may do in the shop; None where it is not installed. Raises ShopifyError.

    We may believe it installed only because the webhook of its uninstall got lost.
    """
    believed = ShopifyInstallation.objects.filter(shop=event.shop).exclude(state=InstallationState.UNINSTALLED)
    return installation.granted_scopes(event.shop.pk) if believed.exists() else None


def apply(event: Event, fetched: Sequence[str] | None = None) -> bool:
    """Erase what came from the shop's Shopify, unless the app is back there. Raises what the engine raises."""
    return fetched is None and privacy.erase_shop(event.shop, event.triggered_at)


handler = Handler(apply, fetch)
