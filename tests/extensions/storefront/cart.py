"""Shopify's cart as a storefront sees it: lines, attributes, and what each address of the Ajax API does to them."""

import secrets
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

SKUS = {"101": "SKU-A", "102": "SKU-B", "103": "SKU-C"}

CANNOT_FIND = (404, {"status": 404, "message": "Cart Error", "description": "Cannot find variant"})


@dataclass
class Cart:
    """Lines that merge when variant and properties are equal. Its token is stable from the first line on."""

    items: list[dict[str, Any]] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    def units(self, sku: str) -> int:
        return sum(item["quantity"] for item in self.items if item["sku"] == sku)

    def add(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """What `cart/add` does: all the lines of the body, or none."""
        lines = _lines(body)
        if not lines or any(str(line.get("id")) not in SKUS for line in lines):
            return CANNOT_FIND
        for line in lines:
            self._add(str(line["id"]), int(line.get("quantity") or 1), line.get("properties") or {})
        return 200, {"items": self.items, **self._sections(body)}

    def change(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """What `cart/change` does: one line, by its number (from 1), its key or its variant."""
        if "line" in body:
            self.items[int(body["line"]) - 1]["quantity"] = int(body["quantity"])
        else:
            self._set(str(body["id"]), int(body["quantity"]))
        for item in self.items:
            # Properties are part of a line's key, so it gets another.
            if "properties" in body and item["key"] == body.get("id"):
                item |= {"properties": body["properties"], "key": f"{item['variant_id']}:{uuid4().hex}"}
        return self._changed(body)

    def update(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """What `cart/update` does: quantities by line or by key, and attributes."""
        updates = body.get("updates", {})
        if isinstance(updates, list):
            for item, quantity in zip(self.items, updates, strict=False):
                item["quantity"] = int(quantity)
        else:
            for name, quantity in updates.items():
                self._set(str(name), int(quantity))
        self.attributes |= body.get("attributes", {})
        return self._changed(body)

    def clear(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """What `cart/clear` does."""
        self.items = []
        return self._changed(body)

    def as_json(self) -> dict[str, Any]:
        """What `cart.js` answers; an empty cart has another token each time."""
        token = self.token if self.items else secrets.token_urlsafe(12)
        count = sum(item["quantity"] for item in self.items)
        known = {"items": self.items, "attributes": self.attributes, "item_count": count}
        return {"token": f"{token}?key={'0' * 32}", "note": None, "currency": "BRL", **known}

    def _add(self, variant: str, quantity: int, properties: dict[str, str]) -> None:
        for item in self.items:
            if item["variant_id"] == int(variant) and item["properties"] == properties:
                item["quantity"] += quantity
                return
        named = {"id": int(variant), "variant_id": int(variant), "sku": SKUS[variant], "title": "Camiseta"}
        line = {**named, "quantity": quantity, "key": f"{variant}:{uuid4().hex}", "properties": properties}
        self.items.insert(0, line)

    def _set(self, name: str, quantity: int) -> None:
        for item in self.items:
            if name in (item["key"], str(item["id"])):
                item["quantity"] = quantity

    def _changed(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.items = [item for item in self.items if item["quantity"]]
        return 200, self.as_json() | self._sections(body)

    def _sections(self, body: dict[str, Any]) -> dict[str, Any]:
        """Section rendering: the HTML of the sections that were asked for."""
        names = body.get("sections") or []
        names = names.split(",") if isinstance(names, str) else names
        return {"sections": {name: f"<div>{len(self.items)}</div>" for name in names}} if names else {}


def _lines(body: dict[str, Any]) -> list[dict[str, Any]]:
    items = body.get("items", [body])
    return list(items.values()) if isinstance(items, dict) else items
