"""Changing quantities: compare and set, adjust, move; each call all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError

from sandbox.shopify.entities import Change, Group, InventoryItem, Level, Location, Write
from sandbox.shopify.store import Store

REASONS = {
    "correction",
    "cycle_count_available",
    "damaged",
    "movement_canceled",
    "movement_created",
    "movement_received",
    "movement_updated",
    "other",
    "promotion",
    "quality_control",
    "received",
    "reservation_created",
    "reservation_deleted",
    "reservation_updated",
    "restock",
    "safety_stock",
    "shrinkage",
}
MOST = 250
BAD = {"code": "BAD_REQUEST"}
HIGHEST = 1_000_000_000


class Refused(Exception):
    """A change that Shopify does not make: a user error with its code and the path of the input's field."""

    def __init__(self, code: str, message: str, *field: str) -> None:
        """Keep what the answer will say."""
        super().__init__(message)
        self.code = code
        self.field = ["input", *field]


@dataclass(frozen=True)
class Step:
    """One quantity to be changed: by `delta`, or to `target`; `expected` is compared first unless None."""

    item: InventoryItem
    location: Location
    level: Level
    name: str
    delta: int
    expected: int | None
    path: tuple[str, ...]
    ledger_document_uri: str | None = None


def check_reason(values: dict[str, Any]) -> None:
    """Raises Refused for a reason that Shopify does not know."""
    if values["reason"] not in REASONS:
        raise Refused("INVALID_REASON", "The specified reason is invalid.", "reason")


def check_count(rows: Sequence[Any], field: str) -> None:
    """Raises Refused for none or too many rows."""
    if not rows:
        raise Refused("INVALID_QUANTITY_TOO_LOW", "At least one quantity is needed.", field)
    if len(rows) > MOST:
        raise Refused("INVALID_QUANTITY_TOO_HIGH", f"At most {MOST} quantities are allowed.", field)


def step(store: Store, row: dict[str, Any], name: str, delta: int | None, path: tuple[str, ...]) -> Step:
    """Read one row of an input. `delta` None: set to the row's `quantity`. Raises Refused."""
    level = _level(store, row, path)
    if "changeFromQuantity" not in row:
        raise GraphQLError("changeFromQuantity must be given: a number to compare with, or null.", extensions=BAD)
    if delta is None:
        delta = row["quantity"] - level.quantity(name)
        _check_size(row["quantity"], path)
    ledger = row.get("ledgerDocumentUri")
    if name == "available" and ledger is not None:
        raise Refused("INVALID_AVAILABLE_DOCUMENT", "available takes no ledger document.", *path, "ledgerDocumentUri")
    return Step(level.item, level.location, level, name, delta, row["changeFromQuantity"], path, ledger)


def apply(store: Store, steps: Sequence[Step], reason: str, reference: str | None) -> Group:
    """Make every change, or none. Raises Refused."""
    for one in steps:
        if one.expected is not None and one.level.quantity(one.name) != one.expected:
            raise Refused(
                "CHANGE_FROM_QUANTITY_STALE", "The quantity is not what changeFromQuantity says.", *one.path,
                "changeFromQuantity",
            )  # fmt: skip
    changes = [change for one in steps for change in _make(store, one)]
    return Group(**store.birth(), reason=reason, reference_document_uri=reference, made=changes)


def check_once(steps: Sequence[Step]) -> None:
    """Raises Refused when an item and location are set twice in one call."""
    if len({one.level.number for one in steps}) < len(steps):
        code = "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR"
        raise Refused(code, "The same item and location appear twice.", "quantities")


def _make(store: Store, one: Step) -> list[Change]:
    if not one.delta:
        return []
    state = "available" if one.name == "on_hand" else one.name
    one.level.units[state] += one.delta
    if state == "available":
        one.level.by_app += one.delta
        store.writes.append(Write(one.item.sku, one.location.number, one.level.units[state], one.level.by_trade))
    store.touch(one.level, one.item)
    names = [state] if state == "incoming" else [state, "on_hand"]
    return [
        Change(one.item, one.location, name, one.delta, one.level.quantity(name), one.ledger_document_uri)
        for name in names
    ]


def _level(store: Store, row: dict[str, Any], path: tuple[str, ...]) -> Level:
    item, location = store.find(row["inventoryItemId"]), store.find(row["locationId"])
    if not isinstance(item, InventoryItem):
        raise Refused("INVALID_INVENTORY_ITEM", "The inventory item could not be found.", *path, "inventoryItemId")
    if not isinstance(location, Location):
        raise Refused("INVALID_LOCATION", "The location could not be found.", *path, "locationId")
    if location.number not in item.levels:
        raise Refused("INVALID_LOCATION", "The item is not stocked at the location.", *path, "locationId")
    return item.levels[location.number]


def _check_size(quantity: int, path: tuple[str, ...]) -> None:
    if quantity < 0:
        raise Refused("INVALID_QUANTITY_NEGATIVE", "The quantity can't be negative.", *path, "quantity")
    if quantity > HIGHEST:
        raise Refused("INVALID_QUANTITY_TOO_HIGH", "The quantity is too high.", *path, "quantity")
