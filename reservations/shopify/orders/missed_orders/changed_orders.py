"""Shopify's list of the orders that changed within a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reservations.shopify.client import admin_api, paging
from reservations.shopify.client.global_ids import number
from reservations.shopify.errors import ShopifyError
from reservations.shopify.orders import payment_told
from reservations.shopify.orders.order_query import may_read_returns
from reservations.shopify.webhooks import payload_reader


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list says about an order, in units: ``ordered`` in all of its lines, and still in them (``current``)."""

    order_id: str
    updated_at: datetime
    cancelled: bool
    payment: str
    shipped: bool
    edited: bool
    returned: bool
    ordered: int
    current: int


def changed_orders(shop_id: int, since: datetime, until: datetime, *, spare: float = 0.0) -> Iterator[list[Listed]]:
    """The orders that changed from `since` to `until`, page by page, the longest unchanged first.

    Leaves `spare` points of the quota to others. Raises what :func:`reservations.shopify.client.admin_api.call` raises,
    and InvalidPayload.
    """
    query = f"updated_at:>='{spelt(since)}' AND updated_at:<='{spelt(until)}'"
    variables = {"query": query, "after": None, "returns": may_read_returns(shop_id)}
    while True:
        found = admin_api.call(shop_id, "orders_since", variables, spare=spare).get("orders")
        if not found:
            raise ShopifyError("no list of orders in the answer")
        yield [_listed(node) for node in found["nodes"]]
        variables["after"] = paging.next_cursor(found)
        if variables["after"] is None:
            return


def _listed(node: dict[str, Any]) -> Listed:
    updated = payload_reader.time(node, "updatedAt")
    if updated is None:
        raise payload_reader.InvalidPayload(f"an order without its time: {node.get('id')!r}")
    return Listed(
        order_id=number(node.get("id")),
        updated_at=updated,
        cancelled=node.get("cancelledAt") is not None,
        payment=payload_reader.text(node, "displayFinancialStatus").lower(),
        shipped=payment_told.has_shipped(payload_reader.text(node, "displayFulfillmentStatus")),
        edited=bool(node.get("edited")),
        returned=node.get("returnStatus") not in (None, "NO_RETURN"),
        ordered=payload_reader.units(node, "subtotalLineItemsQuantity"),
        current=payload_reader.units(node, "currentSubtotalLineItemsQuantity"),
    )


def spelt(at: datetime) -> str:
    """The time as Shopify's search wants it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
