"""``shop/redact``: two days after the app has left a shop, its data has to go."""

from reservations.shopify import privacy

from .handler import Event, Handler


def apply(event: Event, fetched: None = None) -> bool:
    """Erase what came from the shop's Shopify, unless the app is back there."""
    return privacy.erase_shop(event.shop, event.triggered_at)


handler = Handler(apply)
