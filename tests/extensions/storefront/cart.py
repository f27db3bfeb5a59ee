"""Shopify's cart as a storefront sees it: lines, attributes, and what each address of the Ajax API does to them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

SKUS = {"101": "SKU-A", "102": "SKU-B", "103": "SKU-C"}

CANNOT_FIND = (404, {"status": 404, "message": "Cart Error", "description": "Cannot find variant"})


@dataclass
class Cart:
    """Lines that merge when variant and properties are equal. Its token is stable from the first line on.

    A line's key changes with its properties, and whenever Shopify sees fit: `unrest` is called before each request.
    """

    items: list[dict[str, Any]] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    unrest: Callable[["Cart"], None] = lambda cart: None

    def rekey(self) -> None:
        """Give every line another key, as an order's discount does."""
        for item in self.items:
            item["key"] = a_key(item["variant_id"])

    def units(self, sku: str) -> int:
        return sum(item["quantity"] for item in self.items if item["sku"] == sku)

    def told(self) -> list[dict[str, Any]]:
        """The lines as Shopify's webhooks tell them."""
        names = ("id", "variant_id", "sku", "quantity", "properties")
        return [{name: item[name] for name in names} for item in self.items]

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
        numbered = self.items[int(body["line"]) - 1 :][:1] if "line" in body else []
        item = numbered[0] if numbered else self._named(str(body.get("id")))
        if item is None:
            return 400, {"status": 400, "message": "bad_request", "description": "no valid id or line parameter"}
        item["quantity"] = int(body["quantity"])
        if "properties" in body:
            # Properties are part of a line's key, so it gets another.
            item |= {"properties": body["properties"], "key": a_key(item["variant_id"])}
        return self._changed(body)

    def update(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """What `cart/update` does: quantities by line or by key, and attributes."""
        updates = body.get("updates", {})
        if isinstance(updates, list):
            for item, quantity in zip(self.items, updates, strict=False):
                item["quantity"] = int(quantity)
        else:
            for name, quantity in updates.items():
                if named := self._named(str(name)):
                    named["quantity"] = int(quantity)
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
        line = {**named, "quantity": quantity, "key": a_key(int(variant)), "properties": properties}
        self.items.insert(0, line)

    def _named(self, name: str) -> dict[str, Any] | None:
        """The line with this key, or else the first of this variant."""
        return next((item for item in self.items if name in (item["key"], str(item["id"]))), None)

    def _changed(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.items = [item for item in self.items if item["quantity"]]
        return 200, self.as_json() | self._sections(body)

    def _sections(self, body: dict[str, Any]) -> dict[str, Any]:
        """Section rendering: the HTML of the sections that were asked for."""
        names = body.get("sections") or []
        names = names.split(",") if isinstance(names, str) else names
        return {"sections": {name: f"<div>{len(self.items)}</div>" for name in names}} if names else {}


def a_key(variant: int) -> str:
    """A key that no line had before."""
    return f"{variant}:{uuid4().hex}"


def _lines(body: dict[str, Any]) -> list[dict[str, Any]]:
    items = body.get("items", [body])
    return list(items.values()) if isinstance(items, dict) else items
