"""Ask Shopify for an order, where a webhook tells too little about it."""

from collections.abc import Iterator
from typing import Any

from reservations.shopify.catalogue import line_skus
from reservations.shopify.client import admin_api
from reservations.shopify.client.global_ids import global_id, number
from reservations.shopify.errors import ClientRefused, NeedsReopen, NotInstalled, Refused
from reservations.shopify.webhooks import payload_reader
from reservations.shopify.webhooks.headers import moment
from reservations.shopify.webhooks.order_event import refund_of

from . import payment_told
from .order_facts import News, Snapshot

# A long order comes in several pages; no real one needs so many.
_MOST_PAGES = 20

Node = dict[str, Any]


def fetch_order_if_allowed(shop_id: int, order_id: str) -> News | None:
    """The order as Shopify has it; None where Shopify does not know it or we may not ask.

    Raises Unreachable and InvalidPayload.
    """
    try:
        return fetch_order(shop_id, order_id)
    except (NotInstalled, NeedsReopen, ClientRefused, Refused):
        return None


def fetch_order(shop_id: int, order_id: str) -> News | None:
    """The order as Shopify has it; None where Shopify does not know it.

    Raises what :func:`reservations.shopify.client.admin_api.call` raises, and InvalidPayload.
    """
    pages = list(_pages(shop_id, order_id))
    if not pages:
        return None
    first = pages[0]
    nodes = [node for page in pages for node in page["lineItems"]["nodes"]]
    lines = line_skus.lines_of(shop_id, [_line(node) for node in nodes])
    attributes = {pair["key"]: pair["value"] for pair in first.get("customAttributes") or ()}
    return News(
        order_id=order_id,
        name=str(first.get("name") or "")[:255],
        snapshot=Snapshot(lines, payload_reader.time(first, "updatedAt"), asked_for=True),
        refunds=dict(refund_of(_refund(row)) for row in first.get("refunds") or ()),
        cancelled=first.get("cancelledAt") is not None,
        shopify_cart=str(first.get("cartToken") or "").split("?", 1)[0],
        cart_token=line_skus.uuid_of(attributes.get(line_skus.CART)),
        paid_at=moment(payload_reader.text(first, "processedAt")),
        currency=str(first.get("currencyCode") or "")[:3],
        payment=payment_told.by_answer(first),
    )


def _pages(shop_id: int, order_id: str) -> Iterator[Node]:
    after = None
    for _ in range(_MOST_PAGES):
        found = admin_api.call(shop_id, "order", {"id": global_id("Order", order_id), "after": after}).get("order")
        if not found:
            return
        yield found
        page = found["lineItems"]["pageInfo"]
        if not page["hasNextPage"]:
            return
        after = page["endCursor"]


def _line(node: Node) -> Node:
    """A line with the member names that a webhook uses."""
    return {
        "id": number(node.get("id")),
        "variant_id": number((node.get("variant") or {}).get("id")) or None,
        "sku": node.get("sku"),
        "quantity": node.get("quantity"),
        "current_quantity": node.get("currentQuantity"),
        "properties": {pair["key"]: pair["value"] for pair in node.get("customAttributes") or ()},
    }


def _refund(node: Node) -> Node:
    return {
        "id": number(node.get("id")),
        "refund_line_items": [
            {
                "line_item_id": number((row.get("lineItem") or {}).get("id")),
                "quantity": row.get("quantity"),
                "restock_type": row.get("restockType"),
            }
            for row in node["refundLineItems"]["nodes"]
        ],
    }
