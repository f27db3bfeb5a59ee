"""``customers/redact``: we have to erase what points to a customer."""

from reservations.shopify import privacy

from .handler import Event, Handler


def apply(event: Event, fetched: None = None) -> bool:
    """Erase what leads from the orders named to anybody's cart or purchase. Raises InvalidPayload."""
    privacy.erase_customer(event.shop.pk, event.triggered_at, privacy.order_ids(event.payload, "orders_to_redact"))
    return True


handler = Handler(apply)
