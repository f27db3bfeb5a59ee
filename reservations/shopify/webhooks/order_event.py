"""What every webhook of an order tells us: its lines, its carts, its refunds so far."""

from collections.abc import Mapping
from typing import Any

from reservations.shopify.catalogue import line_skus
from reservations.shopify.orders import order_facts, payment_told
from reservations.shopify.orders.order_facts import News, Snapshot

from . import payload_reader
from .handler import Event
from .headers import moment
from .payload_reader import Payload

# Units come back only where Shopify says so.
_RESTOCKING = {"cancel", "return", "legacy_restock"}


def apply(event: Event, fetched: News | None = None) -> bool:
    """Learn what the payload says about the order. Raises InvalidPayload and what the engine raises."""
    told = news_of(event)
    learned = order_facts.learn(event.shop, told)
    return (fetched is not None and order_facts.learn(event.shop, fetched)) or learned


def news_of(event: Event) -> News:
    """The news in an order's payload. Raises InvalidPayload."""
    payload = event.payload
    rows = payload_reader.rows(payload, "line_items")
    return News(
        order_id=payload_reader.identifier(payload, "id"),
        name=payload_reader.text(payload, "name")[:255],
        snapshot=Snapshot(line_skus.lines_of(event.shop.pk, rows), payload_reader.time(payload, "updated_at")),
        refunds=dict(refund_of(row) for row in payload_reader.rows(payload, "refunds")),
        cancelled=payload.get("cancelled_at") is not None or event.topic == "orders/cancelled",
        shopify_cart=payload_reader.text(payload, "cart_token"),
        cart_token=line_skus.uuid_of(payload_reader.members(payload, "note_attributes").get(line_skus.CART)),
        # Only its turn depends on it: an order with an odd time is still an order.
        paid_at=moment(payload_reader.text(payload, "processed_at")),
        currency=payload_reader.text(payload, "currency")[:3],
        payment=payment_told.by_webhook(payload, event.topic),
    )


def refund_of(row: Payload) -> tuple[str, Mapping[str, Any]]:
    """A refund's id, and for each line ``all`` units paid back and those of them ``restocked``, back on the shelf."""
    lines: dict[str, dict[str, int]] = {}
    for line in payload_reader.rows(row, "refund_line_items"):
        known = lines.setdefault(payload_reader.identifier(line, "line_item_id"), {"all": 0, "restocked": 0})
        quantity = payload_reader.units(line, "quantity")
        known["all"] += quantity
        known["restocked"] += quantity if _restocks(line, row) else 0
    return payload_reader.identifier(row, "id"), lines


def _restocks(line: Payload, refund: Payload) -> bool:
    kind = line.get("restock_type")
    return kind.lower() in _RESTOCKING if isinstance(kind, str) else refund.get("restock") is True
