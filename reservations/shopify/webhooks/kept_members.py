"""What we keep of a payload: the members that a handler reads. We never store the rest, every personal detail in it.

``shopify.app.toml`` already asks Shopify to leave the rest out; this module does not rely on that.
"""

from collections.abc import Mapping
from typing import Any

import orjson

# A leaf keeps text, numbers, booleans and null; a mapping keeps these members; a list keeps each of its elements so.
Leaf = None
Spec = Any

# Of a buyer's attributes and properties we keep only our own: others may hold anything, even a name to be printed.
OURS = "_bazico_"
_PAIRS = "pairs"
_CART_TOKEN = "cart token"  # noqa: S105 - a kind of member
_LONGEST_TEXT = 1_000
# Those of Shopify have 32 characters or somewhat more; the columns hold so many.
_LONGEST_TOKEN = 255
_MOST_ELEMENTS = 10_000

_LINE = {"id": Leaf, "variant_id": Leaf, "sku": Leaf, "quantity": Leaf, "properties": _PAIRS}
_ORDER_LINE = {**_LINE, "current_quantity": Leaf, "price": Leaf}
_REFUND = {
    "id": Leaf,
    "order_id": Leaf,
    "created_at": Leaf,
    "restock": Leaf,
    "return": {"id": Leaf},
    "refund_line_items": [{"line_item_id": Leaf, "quantity": Leaf, "restock_type": Leaf}],
}
_CART = {"token": _CART_TOKEN, "id": _CART_TOKEN, "updated_at": Leaf, "line_items": [_LINE]}
_ORDER = {
    "id": Leaf,
    "name": Leaf,
    "confirmation_number": Leaf,
    "cart_token": _CART_TOKEN,
    "note_attributes": _PAIRS,
    "cancelled_at": Leaf,
    "created_at": Leaf,
    "currency": Leaf,
    "processed_at": Leaf,
    "updated_at": Leaf,
    "financial_status": Leaf,
    "fulfillment_status": Leaf,
    "payment_gateway_names": [Leaf],
    "payment_terms": {"payment_schedules": [{"due_at": Leaf, "completed_at": Leaf}]},
    "source_name": Leaf,
    "location_id": Leaf,
    "test": Leaf,
    "line_items": [_ORDER_LINE],
    "refunds": [_REFUND],
}
_CHANGED_LINE = {"id": Leaf, "delta": Leaf}
_EDIT = {
    "order_edit": {
        "id": Leaf,
        "order_id": Leaf,
        "created_at": Leaf,
        "committed_at": Leaf,
        "line_items": {"additions": [_CHANGED_LINE], "removals": [_CHANGED_LINE]},
    }
}
_PRODUCT = {
    "id": Leaf,
    "updated_at": Leaf,
    "variants": [{"id": Leaf, "sku": Leaf, "inventory_item_id": Leaf, "inventory_policy": Leaf}],
    "variant_gids": [{"admin_graphql_api_id": Leaf}],
}
# Of a return, and of the work on it: whose order it is. It also has a buyer's own words, which we do not keep.
_OF_RETURN = {"id": Leaf, "order": {"id": Leaf, "admin_graphql_api_id": Leaf}}
_SHOP_OF_REQUEST = {"shop_id": Leaf, "shop_domain": Leaf}

SPECS: Mapping[str, Spec] = {
    "carts/create": _CART,
    "carts/update": _CART,
    "orders/create": _ORDER,
    "orders/paid": _ORDER,
    "orders/updated": _ORDER,
    "orders/cancelled": _ORDER,
    "orders/edited": _EDIT,
    "refunds/create": _REFUND,
    "returns/cancel": _OF_RETURN,
    "returns/process": _OF_RETURN,
    "returns/update": _OF_RETURN,
    "reverse_fulfillment_orders/dispose": _OF_RETURN,
    "products/create": _PRODUCT,
    "products/update": _PRODUCT,
    "products/delete": {"id": Leaf},
    "inventory_items/update": {"id": Leaf, "sku": Leaf, "tracked": Leaf, "updated_at": Leaf},
    "inventory_levels/update": {
        "inventory_item_id": Leaf,
        "location_id": Leaf,
        "available": Leaf,
        "updated_at": Leaf,
    },
    "app/uninstalled": {"id": Leaf, "myshopify_domain": Leaf},
    "app/scopes_update": {"current": [Leaf], "updated_at": Leaf},
    "customers/data_request": _SHOP_OF_REQUEST | {"orders_requested": [Leaf], "data_request": {"id": Leaf}},
    "customers/redact": _SHOP_OF_REQUEST | {"orders_to_redact": [Leaf]},
    "shop/redact": _SHOP_OF_REQUEST,
}


class NotAnObject(Exception):
    """The body is not a JSON object."""


def load(body: bytes) -> dict[str, Any]:
    """The whole payload. Raises NotAnObject."""
    try:
        payload = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise NotAnObject(str(error)) from error
    if not isinstance(payload, dict):
        raise NotAnObject(f"the body is a {type(payload).__name__}")
    return payload


def slim(topic: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What we keep of a payload of `topic`: nothing, where no handler reads the topic."""
    kept = _keep(payload, SPECS.get(topic, {}))
    return kept if isinstance(kept, dict) else {}


def _keep(value: Any, spec: Spec) -> Any:
    if spec == _PAIRS:
        return _our_pairs(value)
    if spec == _CART_TOKEN:
        return _leaf(value).split("?", 1)[0][:_LONGEST_TOKEN] if isinstance(value, str) else _leaf(value)
    if isinstance(spec, Mapping):
        return {n: _keep(value[n], s) for n, s in spec.items() if n in value} if _is_object(value) else _misfit(value)
    if isinstance(spec, list):
        return (
            [_keep(element, spec[0]) for element in value[:_MOST_ELEMENTS]]
            if isinstance(value, list)
            else _misfit(value)
        )
    return _leaf(value)


def _our_pairs(value: Any) -> dict[str, Any]:
    """Attributes and properties, which come as a list of name and value or as an object."""
    if isinstance(value, list):
        value = {e.get("name"): e.get("value") for e in value if _is_object(e) and isinstance(e.get("name"), str)}
    if not _is_object(value):
        return {}
    return {name: _leaf(pair) for name, pair in value.items() if name.startswith(OURS) and len(name) <= _LONGEST_TEXT}


def _misfit(value: Any) -> Any:
    """Something of the wrong kind, so that the handler sees that it is."""
    return type(value).__name__ if isinstance(value, dict | list) else _leaf(value)


def _leaf(value: Any) -> Any:
    if isinstance(value, str):
        # The key of a cart is a secret wherever it stands, and PostgreSQL keeps no NUL in text.
        return value[:_LONGEST_TEXT].split("?key=", 1)[0].replace("\0", "\ufffd")
    return value if value is None or isinstance(value, int | float | bool) else None


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)
