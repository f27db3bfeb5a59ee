"""``customers/data_request``: a customer wants to know what the shop's apps store about them."""

from reservations.shopify import privacy

from . import payload_reader
from .handler import Event, Handler


def apply(event: Event, fetched: None = None) -> bool:
    """Export what we store about the orders named, for the merchant to hand on. Raises InvalidPayload."""
    reference = payload_reader.identifier(payload_reader.members(event.payload, "data_request"), "id")
    privacy.export_orders(event.shop.pk, reference, privacy.order_ids(event.payload, "orders_requested"))
    return True


handler = Handler(apply)
