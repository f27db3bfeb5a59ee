"""Mutations of inventory. Each needs an idempotency key; each change of a level sends a webhook."""

from collections.abc import Callable
from typing import Any

from sandbox.shopify import quantities
from sandbox.shopify.answers.idempotency import idempotent
from sandbox.shopify.answers.resolvers import Context, field, user_error
from sandbox.shopify.entities import Change, Group, InventoryItem, Location
from sandbox.shopify.quantities import Refused, Step

GROUP = "inventoryAdjustmentGroup"
SETTABLE = ("available", "on_hand")
ADJUSTABLE = ("available", "incoming", "reserved", "damaged", "safety_stock", "quality_control")


@idempotent("inventorySetQuantities", GROUP)
def set_quantities(context: Context, values: dict[str, Any]) -> dict[str, Any]:
    """Set quantities, each compared with what the caller believes it is."""

    def steps() -> list[Step]:
        quantities.check_count(values["quantities"], "quantities")
        if values["name"] not in SETTABLE:
            raise Refused("INVALID_NAME", "The quantity name must be available or on_hand.", "name")
        found = [
            quantities.step(context.store, row, values["name"], None, ("quantities", str(index)))
            for index, row in enumerate(values["quantities"])
        ]
        quantities.check_once(found)
        return found

    return _changed(context, values, steps)


@idempotent("inventoryAdjustQuantities", GROUP)
def adjust_quantities(context: Context, values: dict[str, Any]) -> dict[str, Any]:
    """Add to quantities, or take away."""

    def steps() -> list[Step]:
        quantities.check_count(values["changes"], "changes")
        _check_adjustable(values["name"], "name")
        return [
            quantities.step(context.store, row, values["name"], row["delta"], ("changes", str(index)))
            for index, row in enumerate(values["changes"])
        ]

    return _changed(context, values, steps)


@idempotent("inventoryMoveQuantities", GROUP)
def move_quantities(context: Context, values: dict[str, Any]) -> dict[str, Any]:
    """Move units between states at one location."""

    def steps() -> list[Step]:
        quantities.check_count(values["changes"], "changes")
        return [
            part for index, row in enumerate(values["changes"]) for part in _move(context, row, ("changes", str(index)))
        ]

    return _changed(context, values, steps)


@idempotent("inventoryActivate", "inventoryLevel")
def activate(
    context: Context, inventory_item_id: str, location_id: str, available: int | None = None, **_: Any
) -> dict[str, Any]:
    """Stock an item at a location."""
    item, location = context.store.find(inventory_item_id), context.store.find(location_id)
    if not isinstance(item, InventoryItem) or not isinstance(location, Location):
        return {"inventoryLevel": None, "userErrors": [user_error("The item or location could not be found.")]}
    is_new = location.number not in item.levels
    level = context.store.activate(item, location)
    if is_new and available is not None:
        level.units["available"] = available
        context.shopify.webhooks.level(context.store, level)
    return {"inventoryLevel": level, "userErrors": []}


@field("InventoryAdjustmentGroup.changes")
def changes(group: Group, context: Context, quantity_names: list[str] | None = None, **_: Any) -> list[Change]:
    """What was changed."""
    return group.of(quantity_names)


def _changed(context: Context, values: dict[str, Any], steps: Callable[[], list[Step]]) -> dict[str, Any]:
    try:
        quantities.check_reason(values)
        group = quantities.apply(context.store, steps(), values["reason"], values.get("referenceDocumentUri"))
    except Refused as refusal:
        field = refusal.field if context.store.rules.names_rows else refusal.field[:1]
        return {GROUP: None, "userErrors": [user_error(str(refusal), *field, code=refusal.code)]}
    touched = {(change.item.number, change.location.number): change for change in group.of(["available"])}
    for change in touched.values():
        context.shopify.webhooks.level(context.store, change.item.levels[change.location.number])
    return {GROUP: group if group.made else None, "userErrors": []}


def _check_adjustable(name: str, *path: str) -> None:
    if name not in ADJUSTABLE:
        raise Refused("INVALID_QUANTITY_NAME", "The specified quantity name is invalid.", *path)


def _move(context: Context, row: dict[str, Any], path: tuple[str, ...]) -> list[Step]:
    source, target, quantity = row["from"], row["to"], row["quantity"]
    if quantity < 0:
        raise Refused("INVALID_QUANTITY_NEGATIVE", "The quantity can't be negative.", *path, "quantity")
    if source["locationId"] != target["locationId"]:
        raise Refused("DIFFERENT_LOCATIONS", "The quantities can't be moved between locations.", *path)
    if source["name"] == target["name"]:
        raise Refused("SAME_QUANTITY_NAME", "The quantity names can't be the same.", *path)
    ends = (("from", source, -quantity), ("to", target, quantity))
    for side, end, _ in ends:
        _check_adjustable(end["name"], *path, side, "name")
    item = {"inventoryItemId": row["inventoryItemId"]}
    return [quantities.step(context.store, item | end, end["name"], delta, (*path, side)) for side, end, delta in ends]
