"""Ask Shopify what it shows for inventory items."""

from collections.abc import Sequence
from typing import Any

from reservations.shopify.client import admin_api
from reservations.shopify.client.global_ids import global_id, number

NOT_STOCKED = "the item is not stocked at this location"


def read_shown_levels(shop_id: int, location_id: int, items: Sequence[int], *, seconds: float) -> dict[int, int]:
    """The available units by item, without items that are not stocked at the location.

    Raises what :func:`reservations.shopify.client.admin_api.call` raises.
    """
    asked = {
        "items": [global_id("InventoryItem", item) for item in items],
        "location": global_id("Location", location_id),
    }
    nodes = admin_api.call(shop_id, "published_levels", asked, seconds=seconds).get("nodes") or []
    shown = {int(number(node.get("id")) or 0): _units(node) for node in nodes if node}
    return {item: units for item in items if (units := shown.get(item)) is not None}


def _units(node: dict[str, Any]) -> int | None:
    level = node.get("inventoryLevel") or {}
    quantities = level.get("quantities") or []
    return int(quantities[0]["quantity"]) if quantities and level.get("isActive") else None
