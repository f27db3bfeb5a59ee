"""Letting Shopify show ``on_hand - in_flight``, one level at a time, each write compared with what it replaces."""

import logging
import time

from reservations.shopify import client
from reservations.shopify.errors import ShopifyError, UserErrors
from reservations.shopify.global_ids import global_id

from . import claims, due
from .claims import Claim, Write

logger = logging.getLogger(__name__)

# Of the two calls that a level may need; together below a claim's life.
CALL_SECONDS = 12.0
BATCH = 20
# As Shopify's inventory history shows it.
REASON = "correction"
_STALE = {"CHANGE_FROM_QUANTITY_STALE", "COMPARE_QUANTITY_STALE"}
# The same key may be sent again: the first try is still under way.
_UNDER_WAY = {"IDEMPOTENCY_CONCURRENT_REQUEST", "SERVICE_UNAVAILABLE"}


def publish_due(shop_id: int, *, seconds: float = 10.0) -> int:
    """Write the shop's levels that are due until none is or the time is over; returns how many were written."""
    deadline = time.monotonic() + seconds
    written = 0
    while time.monotonic() < deadline:
        levels = due.due_levels(shop_id, BATCH)
        if not levels:
            break
        for item_id, location_id in levels:
            held = claims.claim(shop_id, item_id, location_id)
            if held is not None and time.monotonic() < deadline + CALL_SECONDS:
                written += _publish(held)
    return written


def _publish(held: Claim) -> bool:
    """Bring one level to what it should be; True when Shopify has taken a write."""
    try:
        if held.pending is not None:
            return _send(held, held.pending)
        wanted = due.target(held.shop_id, held.inventory_item_id, held.location_id)
        seen = held.seen if held.seen is not None else _read(held)
        if wanted is None or seen is None:
            claims.give_back(held)
        elif wanted == seen:
            claims.saw(held, seen)
        elif (write := claims.intend(held, wanted, seen)) is not None:
            return _send(held, write)
    except ShopifyError as error:
        logger.warning("shop %s: item %s is not published: %s", held.shop_id, held.inventory_item_id, error)
        claims.fail(held, f"{type(error).__name__}: {error}", keeps_write=True)
    return False


def _send(held: Claim, write: Write) -> bool:
    """Send a stored write. Raises ShopifyError when nobody can say whether it was carried out."""
    level = {
        "inventoryItemId": global_id("InventoryItem", held.inventory_item_id),
        "locationId": global_id("Location", held.location_id),
        "quantity": write.quantity,
        "changeFromQuantity": write.replaces,
    }
    sent = {"name": "available", "reason": REASON, "quantities": [level]}
    try:
        client.mutate(held.shop_id, "publish_level", {"input": sent, "key": str(write.key)}, seconds=CALL_SECONDS)
    except UserErrors as error:
        if error.codes & _UNDER_WAY:
            raise
        return _refused(held, error)
    claims.saw(held, write.quantity)
    return True


def _refused(held: Claim, error: UserErrors) -> bool:
    """Shopify has not carried it out, and never will with this key."""
    if not error.codes & _STALE:
        claims.fail(held, f"{type(error).__name__}: {error}", keeps_write=False)
        return False
    # Somebody else moved the level. What moved it is heard of in a moment; then it is compared anew.
    seen = _read(held)
    if seen is not None:
        claims.saw(held, seen)
    return False


def _read(held: Claim) -> int | None:
    """What Shopify shows now; None, with the reason kept, where the item is not stocked at the location."""
    asked = {
        "item": global_id("InventoryItem", held.inventory_item_id),
        "location": global_id("Location", held.location_id),
    }
    item = client.call(held.shop_id, "published_level", asked, seconds=CALL_SECONDS).get("inventoryItem") or {}
    level = item.get("inventoryLevel") or {}
    quantities = level.get("quantities") or []
    if not quantities or not level.get("isActive"):
        claims.fail(held, "the item is not stocked at this location", keeps_write=False)
        return None
    return int(quantities[0]["quantity"])
