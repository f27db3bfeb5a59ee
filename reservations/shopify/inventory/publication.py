"""Publish levels to Shopify, many in a call, each compared with the number that it replaces.

Shopify carries a call out whole or not at all. Where it names the levels that it refuses, we deal with those by
themselves and send the others again; where it names none, we halve the call until one level is left to blame.
"""

import logging
import time
from collections.abc import Iterator, Mapping
from itertools import islice

from reservations.engine import EngineError
from reservations.shopify.client import admin_api
from reservations.shopify.client.global_ids import global_id
from reservations.shopify.errors import ShopifyError, UserErrors
from reservations.shopify.orders.missed_orders import order_sweep
from reservations.shopify.webhooks.payload_reader import InvalidPayload

from . import level_leases, objections, shown_levels, stale_levels
from .level_leases import LevelLease, Write

logger = logging.getLogger(__name__)

# For each call under a lease; no call starts so late that it could outlast the lease.
CALL_SECONDS = 12.0
# Shopify takes up to 250 of anything in a list, but a query that reads so many levels would exceed its cost limit.
BATCH = 100
# Shopify's inventory history shows it to the merchant.
REASON = "correction"

Writes = dict[int, Write]


def publish_due_levels(shop_id: int, *, seconds: float = 10.0) -> int:
    """Write the shop's stale levels until none is left or `seconds` are over; returns how many were written."""
    deadline = time.monotonic() + seconds
    written = 0
    while time.monotonic() < deadline:
        levels = stale_levels.due_levels(shop_id, BATCH)
        if not levels:
            break
        location_id = levels[0][1]
        held = level_leases.take_lease(
            shop_id, location_id, [item for item, location in levels if location == location_id]
        )
        written += _Round(held).run() if held else 0
    return written


class _Round:
    """The work under one lease."""

    def __init__(self, held: LevelLease) -> None:
        self._held = held
        self._ends = time.monotonic() + level_leases.LEASE_SECONDS - CALL_SECONDS

    def run(self) -> int:
        """Make the levels show what they should; returns how many Shopify has taken."""
        written = sum(self._sending(again) for again in self._sent_before())
        fresh = {level.inventory_item_id: level.seen for level in self._held.levels if level.pending is None}
        return written + (self._publish(fresh) if fresh else 0)

    def _sent_before(self) -> Iterator[Writes]:
        """The calls whose answers were lost, each exactly as it was sent."""
        by_key: dict[object, Writes] = {}
        for level in self._held.levels:
            if level.pending is not None:
                by_key.setdefault(level.pending.key, {})[level.inventory_item_id] = level.pending
        yield from by_key.values()

    def _publish(self, seen: Mapping[int, int | None]) -> int:
        wanted = stale_levels.target_levels(self._held.shop_id, self._held.location_id, list(seen))
        level_leases.give_back(self._held, seen.keys() - wanted.keys())
        shown = {item: units for item in wanted if (units := seen[item]) is not None}
        if unread := [item for item in wanted if item not in shown]:
            shown |= self._read(unread)
        if any(not _is_right(units, wanted[item]) for item, units in shown.items()):
            if not self._hears_of_all_orders(shown):
                return 0
            wanted = stale_levels.target_levels(self._held.shop_id, self._held.location_id, list(shown))
            level_leases.give_back(self._held, shown.keys() - wanted.keys())
            shown = {item: shown[item] for item in wanted}
        right = {item for item, units in shown.items() if _is_right(units, wanted[item])}
        level_leases.note_shown(self._held, {item: shown[item] for item in right})
        changes = {item: (wanted[item], units) for item, units in shown.items() if item not in right}
        return self._write(changes)

    def _hears_of_all_orders(self, items: Mapping[int, int]) -> bool:
        """Learn of every order first; False when that fails, and the items then wait.

        Shopify's number may differ from ours because of an order that we have not heard of, which took units there or
        gave some back. The number that we write must include it, however late its webhook comes.
        """
        try:
            if order_sweep.hear_of_all_orders(self._held.shop_id, seconds=CALL_SECONDS):
                return True
            problem = "too many orders have changed to ask for all of them at once"
        except (ShopifyError, InvalidPayload, EngineError) as error:
            logger.warning("shop %s: its orders are not known, nothing is published: %s", self._held.shop_id, error)
            problem = f"{type(error).__name__}: {error}"
        level_leases.note_failure(self._held, list(items), problem, keeps_write=False)
        return False

    def _write(self, wanted: Mapping[int, tuple[int, int]]) -> int:
        """Write by item the quantity, and the one that it replaces, under a key that we store first."""
        writes = level_leases.store_call(self._held, wanted) if wanted else {}
        return self._sending(writes) if writes else 0

    def _sending(self, writes: Writes) -> int:
        if time.monotonic() > self._ends:
            level_leases.give_back(self._held, writes, keeps_write=True)
            return 0
        try:
            return self._send(writes)
        except ShopifyError as error:
            self._fail(writes, error, keeps_write=True)
            return 0

    def _send(self, writes: Writes) -> int:
        """Send a stored call. Raises ShopifyError when we cannot know whether Shopify carried it out."""
        location = global_id("Location", self._held.location_id)
        quantities = [
            {
                "inventoryItemId": global_id("InventoryItem", item),
                "locationId": location,
                "quantity": write.quantity,
                "changeFromQuantity": write.replaces,
            }
            for item, write in writes.items()
        ]
        sent = {"name": "available", "reason": REASON, "quantities": quantities}
        key = str(next(iter(writes.values())).key)
        try:
            admin_api.mutate(self._held.shop_id, "publish_levels", {"input": sent, "key": key}, seconds=CALL_SECONDS)
        except UserErrors as error:
            if error.codes & objections.UNDER_WAY:
                raise
            return self._refused(writes, error)
        level_leases.note_shown(self._held, {item: write.quantity for item, write in writes.items()})
        return len(writes)

    def _refused(self, writes: Writes, error: UserErrors) -> int:
        """Deal with a refusal: Shopify has carried out nothing of the call, and never will under this key."""
        named = objections.objections_by_item(error, list(writes))
        if not named:
            return self._halved(writes, error)
        # Somebody else moved these. In a moment we shall hear what it was, and compare them anew.
        if stale := [item for item, one in named.items() if one.is_stale]:
            level_leases.note_shown(self._held, self._read(stale))
        for item, one in named.items():
            if not one.is_stale:
                level_leases.note_failure(self._held, [item], one.problem, keeps_write=False)
        return self._again(writes, [item for item in writes if item not in named])

    def _halved(self, writes: Writes, error: UserErrors) -> int:
        if len(writes) == 1 or error.codes <= objections.OF_ALL:
            self._fail(writes, error, keeps_write=False)
            return 0
        # Shopify named no row: halving finds the one at fault in a few calls, and the others are published.
        items = iter(writes)
        first = list(islice(items, len(writes) // 2))
        return self._again(writes, first) + self._again(writes, list(items))

    def _again(self, writes: Writes, items: list[int]) -> int:
        return self._write({item: (writes[item].quantity, writes[item].replaces) for item in items})

    def _read(self, items: list[int]) -> dict[int, int]:
        """What Shopify shows for the items now; an item that it does not stock gets that as its problem."""
        try:
            shown = shown_levels.read_shown_levels(
                self._held.shop_id, self._held.location_id, items, seconds=CALL_SECONDS
            )
        except ShopifyError as error:
            self._fail(items, error, keeps_write=False)
            return {}
        level_leases.note_failure(self._held, set(items) - shown.keys(), shown_levels.NOT_STOCKED, keeps_write=False)
        return shown

    def _fail(self, items: Mapping[int, Write] | list[int], error: ShopifyError, *, keeps_write: bool) -> None:
        logger.warning("shop %s: %s levels are not published: %s", self._held.shop_id, len(items), error)
        level_leases.note_failure(self._held, items, f"{type(error).__name__}: {error}", keeps_write=keeps_write)


def _is_right(shown: int, wanted: int) -> bool:
    """Below zero Shopify shows that it has promised more than it has, and that is right as it is."""
    return max(0, shown) == wanted
