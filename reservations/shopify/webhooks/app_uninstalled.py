"""``app/uninstalled``: the tokens are dead already. The webhook may come long after the merchant is back."""

from reservations.shopify.access import installation

from .handler import Event, Handler


def apply(event: Event, fetched: None = None) -> bool:
    """Forget the tokens and end the holds, unless a newer installation is there. Raises what the engine raises."""
    return installation.uninstall(event.shop, event.triggered_at)


handler = Handler(apply)
