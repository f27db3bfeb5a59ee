"""What every webhook of an order tells us: its lines, its carts, its refunds so far."""

from collections.abc import Mapping, Sequence
from typing import Any

from plumbing.whole_number import whole_number
from reservations.shopify.catalogue import line_skus
from reservations.shopify.catalogue.line_skus import ShopifyLine
from reservations.shopify.orders import line_origin, payment_told
from reservations.shopify.orders.order_news import News, Snapshot

from . import payload_reader
from .handler import Event
from .headers import moment
from .payload_reader import Payload

# Units come back only where Shopify says so.
_RESTOCKING = {"cancel", "return", "legacy_restock"}


def lines_of(event: Event) -> list[ShopifyLine]:
    """The lines of an order's payload. Raises InvalidPayload."""
    return line_skus.read_lines(payload_reader.rows(event.payload, "line_items"))


def news_of(event: Event, lines: Sequence[ShopifyLine]) -> News:
    """The news in an order's payload, of which the SKUs of its `lines` are known. Raises InvalidPayload."""
    payload = event.payload
    rows, refunds = payload_reader.rows(payload, "line_items"), payload_reader.rows(payload, "refunds")
    at = payload_reader.time(payload, "updated_at")
    lines = line_origin.from_our_shelf(event.shop.pk, lines, payload.get("location_id"))
    return News(
        order_id=payload_reader.identifier(payload, "id"),
        name=payload_reader.text(payload, "name")[:255],
        confirmation=payload_reader.text(payload, "confirmation_number")[:32].upper(),
        snapshot=Snapshot(lines, at, units=line_skus.units_of(rows)),
        refunds=dict(refund_of(row) for row in refunds),
        refunded_at=times_of(refunds),
        returns=returns_of(refunds),
        cancelled=payload.get("cancelled_at") is not None or event.topic == "orders/cancelled",
        shopify_cart=payload_reader.text(payload, "cart_token"),
        cart_token=line_skus.uuid_of(payload_reader.members(payload, "note_attributes").get(line_skus.CART)),
        # Only its turn depends on it: an order with an odd time is still an order.
        paid_at=moment(payload_reader.text(payload, "processed_at")),
        currency=payload_reader.text(payload, "currency")[:3],
        is_test=payload.get("test") is True,
        source=payload_reader.text(payload, "source_name")[:64],
        payment=payment_told.by_webhook(payload, event.topic),
    )


def refund_of(row: Payload) -> tuple[str, Mapping[str, Any]]:
    """A refund's id, and for each line ``all`` units paid back, and those of them ``restocked`` on the shelf."""
    lines: dict[str, dict[str, int]] = {}
    for line in payload_reader.rows(row, "refund_line_items"):
        known = lines.setdefault(payload_reader.identifier(line, "line_item_id"), {"all": 0, "restocked": 0})
        quantity = payload_reader.units(line, "quantity")
        known["all"] += quantity
        known["restocked"] += quantity if _restocks(line, row) else 0
    return payload_reader.identifier(row, "id"), lines


def times_of(refunds: Sequence[Payload]) -> dict[str, str]:
    """When each refund was made, where the payload says so."""
    told = {payload_reader.identifier(row, "id"): payload_reader.text(row, "created_at") for row in refunds}
    return {refund_id: at for refund_id, at in told.items() if moment(at)}


def returns_of(refunds: Sequence[Payload]) -> dict[str, Any]:
    """The returns that these refunds were made for, where they say so."""
    returns: dict[str, Any] = {}
    for row in refunds:
        if return_id := whole_number(str(payload_reader.members(row, "return").get("id"))):
            made = returns.setdefault(str(return_id), {"refunds": [], "lines": {}})
            made["refunds"].append(payload_reader.identifier(row, "id"))
    return returns


def _restocks(line: Payload, refund: Payload) -> bool:
    kind = line.get("restock_type")
    return kind.lower() in _RESTOCKING if isinstance(kind, str) else refund.get("restock") is True
