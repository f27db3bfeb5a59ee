"""Ask Shopify for an order, where a webhook tells too little about it: all its lines, its refunds and its returns."""

from collections.abc import Iterator, Sequence
from typing import Any

from reservations.models import ShopifyInstallation
from reservations.shopify.catalogue import line_skus
from reservations.shopify.client import admin_api, paging
from reservations.shopify.client.global_ids import global_id, number
from reservations.shopify.errors import ClientRefused, NeedsReopen, NotInstalled, Refused, ShopifyError
from reservations.shopify.webhooks import payload_reader
from reservations.shopify.webhooks.headers import moment
from reservations.shopify.webhooks.order_event import refund_of, returns_of, times_of

from . import line_origin, payment_told, return_query
from .order_news import News, Snapshot

RETURNS_SCOPE = "read_returns"
# Refunds per call, with their first lines: about half of what one call may cost.
REFUNDS = 20

Node = dict[str, Any]


def fetch_order_if_allowed(shop_id: int, order_id: str) -> News | None:
    """The order as Shopify has it; None where Shopify does not know it or we may not ask.

    Raises Unreachable and InvalidPayload.
    """
    try:
        return fetch_order(shop_id, order_id)
    except (NotInstalled, NeedsReopen, ClientRefused, Refused):
        return None


def fetch_order(shop_id: int, order_id: str, *, spare: float = 0.0) -> News | None:
    """The order as Shopify has it; None if Shopify does not know it. Leaves `spare` points of the quota to others.

    Raises what :func:`reservations.shopify.client.admin_api.call` raises, and InvalidPayload.
    """
    with_returns = may_read_returns(shop_id)
    pages = list(_pages(shop_id, order_id, spare, with_returns=with_returns))
    if not pages:
        return None
    first, last = pages[0], pages[-1]
    lines = [_line(node) for page in pages for node in page["lineItems"]["nodes"]]
    # Those of the last page: lines that we read before a refund may not show it, but none shows one that we miss.
    refunds = list(_refunds(shop_id, [row["id"] for row in last["refunds"]], with_returns=with_returns))
    attributes = {pair["key"]: pair["value"] for pair in first.get("customAttributes") or ()}
    at = payload_reader.time(first, "updatedAt")
    made_at = number((first.get("retailLocation") or {}).get("id"))
    told = line_origin.from_our_shelf(shop_id, line_skus.lines_of(shop_id, lines), made_at)
    return News(
        order_id=order_id,
        name=str(first.get("name") or "")[:255],
        confirmation=str(first.get("confirmationNumber") or "")[:32].upper(),
        snapshot=Snapshot(told, at, asked_for=True, units=line_skus.units_of(lines)),
        refunds=dict(refund_of(row) for row in refunds),
        refunded_at=times_of(refunds),
        returns=_returns(shop_id, order_id, last, returns_of(refunds)) if with_returns else {},
        cancelled=first.get("cancelledAt") is not None,
        shopify_cart=str(first.get("cartToken") or "").split("?", 1)[0],
        cart_token=line_skus.uuid_of(attributes.get(line_skus.CART)),
        paid_at=moment(payload_reader.text(first, "processedAt")),
        currency=str(first.get("currencyCode") or "")[:3],
        is_test=first.get("test") is True,
        source=str(first.get("sourceName") or "")[:64],
        payment=payment_told.by_answer(first),
    )


def may_read_returns(shop_id: int) -> bool:
    """Whether the merchant has granted the scope; one who installed the app before it existed may not have yet."""
    granted = ShopifyInstallation.objects.filter(shop=shop_id).values_list("scopes", flat=True).first() or ""
    return RETURNS_SCOPE in granted.replace(",", " ").split()


def _pages(shop_id: int, order_id: str, spare: float, *, with_returns: bool) -> Iterator[Node]:
    after = None
    while True:
        variables = {"id": global_id("Order", order_id), "after": after, "returns": with_returns}
        found = admin_api.call(shop_id, "order", variables, spare=spare).get("order")
        if not found:
            return
        yield found
        following = paging.next_cursor(found["lineItems"])
        if following is None:
            return
        if following == after:
            raise ShopifyError(f"order {order_id}: a page that leads to itself")
        after = following


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


def _refunds(shop_id: int, ids: Sequence[str], *, with_returns: bool) -> Iterator[Node]:
    """The refunds with these global ids, whole, with the member names that a webhook uses."""
    for begin in range(0, len(ids), REFUNDS):
        variables = {"ids": ids[begin : begin + REFUNDS], "returns": with_returns}
        for node in admin_api.call(shop_id, "refunds", variables)["nodes"]:
            if node is not None:
                yield _refund(shop_id, node)


def _refund(shop_id: int, node: Node) -> Node:
    rows = list(node["refundLineItems"]["nodes"])
    further = paging.next_cursor(node["refundLineItems"])
    if further is not None:
        rows += paging.nodes(shop_id, "refund_lines", {"id": node["id"]}, "refund", "refundLineItems", after=further)
    made_for = number((node.get("return") or {}).get("id"))
    return {
        "id": number(node.get("id")),
        "created_at": node.get("createdAt"),
        "return": {"id": made_for} if made_for else None,
        "refund_line_items": [
            {
                "line_item_id": number((row.get("lineItem") or {}).get("id")),
                "quantity": row.get("quantity"),
                "restock_type": row.get("restockType"),
            }
            for row in rows
        ],
    }


def _returns(shop_id: int, order_id: str, page: Node, made_for: dict[str, Any]) -> dict[str, Any]:
    """The facts of the order's returns, and which refunds were made for each."""
    found = page["returns"]
    ids = [node["id"] for node in found["nodes"]]
    further = paging.next_cursor(found)
    if further is not None:
        order = {"id": global_id("Order", order_id)}
        ids += [node["id"] for node in paging.nodes(shop_id, "order_returns", order, "order", "returns", after=further)]
    return {
        number(each): {
            "refunds": made_for.get(number(each), {"refunds": []})["refunds"],
            "lines": return_query.return_lines(shop_id, each),
        }
        for each in ids
    }
