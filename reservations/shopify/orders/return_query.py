"""Ask Shopify what came back with a return, and what became of it."""

from typing import Any

from reservations.shopify.client import admin_api, paging
from reservations.shopify.client.global_ids import global_id, number
from reservations.shopify.errors import ClientRefused, NeedsReopen, NotInstalled, Refused
from reservations.shopify.webhooks import payload_reader

_ON_THE_SHELF = "RESTOCKED"
# The document that names the order of each kind of object.
_ORDER_OF = {"return": "order_of_return", "reverseFulfillmentOrder": "order_of_reverse"}


def order_id_if_allowed(shop_id: int, kind: str, object_id: str) -> str:
    """The id of the order of this ``return`` or ``reverseFulfillmentOrder``; "" where we may not ask or it has none.

    Raises Unreachable.
    """
    variables = {"id": global_id(kind[0].upper() + kind[1:], object_id)}
    try:
        found = admin_api.call(shop_id, _ORDER_OF[kind], variables).get(kind) or {}
    except (NotInstalled, NeedsReopen, ClientRefused, Refused):
        return ""
    return number((found.get("order") or {}).get("id"))


def return_lines(shop_id: int, return_id: str) -> dict[str, Any]:
    """By line of the order, how many units of a return were ``processed``, and when how many were ``restocked``.

    Raises what :func:`reservations.shopify.client.admin_api.call` raises, and InvalidPayload.
    """
    lines: dict[str, Any] = {}
    returned = {"id": return_id}
    for node in paging.nodes(shop_id, "return_lines", returned, "return", "returnLineItems"):
        # What a till took back without an order's line moves no unit of an order.
        if line := _line_of(lines, node):
            line["processed"] += payload_reader.units(node, "processedQuantity", 0)
    for work in paging.nodes(shop_id, "return_work", returned, "return", "reverseFulfillmentOrders"):
        path = ("reverseFulfillmentOrder", "lineItems")
        for node in paging.nodes(shop_id, "reverse_lines", {"id": work["id"]}, *path):
            if line := _line_of(lines, node):
                line["restocked"] += [
                    [payload_reader.text(one, "createdAt"), payload_reader.units(one, "quantity")]
                    for one in node["dispositions"]
                    if one.get("type") == _ON_THE_SHELF
                ]
    return lines


def _line_of(lines: dict[str, Any], node: dict[str, Any]) -> dict[str, Any] | None:
    fulfilled = node.get("fulfillmentLineItem") or {}
    line_id = number((fulfilled.get("lineItem") or {}).get("id"))
    return lines.setdefault(line_id, {"processed": 0, "restocked": []}) if line_id else None
