"""What every webhook of an order tells: its lines, its carts, its refunds so far."""

from collections.abc import Mapping
from typing import Any

from reservations.shopify import orders, skus
from reservations.shopify.orders import News, Snapshot

from . import reading
from .handler import Event
from .reading import Payload

# Units come back only where Shopify says so.
_RESTOCKING = {"cancel", "return", "legacy_restock"}


def apply(event: Event, fetched: News | None = None) -> bool:
    """Learn what the order tells. Raises InvalidPayload and what the engine raises."""
    told = news_of(event)
    learned = orders.learn(event.shop, told)
    return (fetched is not None and orders.learn(event.shop, fetched)) or learned


def news_of(event: Event) -> News:
    """The news in an order's payload. Raises InvalidPayload."""
    payload = event.payload
    rows = reading.rows(payload, "line_items")
    return News(
        order_id=reading.identifier(payload, "id"),
        name=reading.text(payload, "name")[:255],
        snapshot=Snapshot(skus.lines_of(event.shop.pk, rows), reading.time(payload, "updated_at")),
        refunds=dict(refund_of(row) for row in reading.rows(payload, "refunds")),
        cancelled=payload.get("cancelled_at") is not None or event.topic == "orders/cancelled",
        shopify_cart=reading.text(payload, "cart_token"),
        cart_token=skus.uuid_of(reading.members(payload, "note_attributes").get(skus.CART)),
    )


def refund_of(row: Payload) -> tuple[str, Mapping[str, Any]]:
    """A refund's id, and for each line the units paid back and those of them that are on the shelf again."""
    lines: dict[str, dict[str, int]] = {}
    for line in reading.rows(row, "refund_line_items"):
        known = lines.setdefault(reading.identifier(line, "line_item_id"), {"all": 0, "restocked": 0})
        quantity = reading.units(line, "quantity")
        known["all"] += quantity
        known["restocked"] += quantity if _restocks(line, row) else 0
    return reading.identifier(row, "id"), lines


def _restocks(line: Payload, refund: Payload) -> bool:
    kind = line.get("restock_type")
    return kind.lower() in _RESTOCKING if isinstance(kind, str) else refund.get("restock") is True
