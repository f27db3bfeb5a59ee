"""``products/delete``: its variants sell nothing any more."""

from reservations.shopify.catalogue import links

from . import payload_reader
from .handler import Event, Handler


def apply(event: Event, fetched: None = None) -> bool:
    """Forget the product's links, unless we heard of them later. Raises InvalidPayload."""
    product_id = int(payload_reader.identifier(event.payload, "id"))
    return links.replace_product(event.shop.pk, product_id, [], event.triggered_at)


handler = Handler(apply)
