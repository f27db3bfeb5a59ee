"""Shoppers' carts. A cart is known by a token; the part behind `?key=` is a secret that only its shopper has."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from sandbox.shopify.entities import Variant
from sandbox.web import Refusal, json_response


@dataclass(eq=False)
class Item:
    """A line of a cart: lines of one variant with equal properties are one."""

    variant: Variant
    quantity: int
    properties: dict[str, str]
    key: str

    def is_like(self, other: "Item") -> bool:
        """Whether both are one line to Shopify."""
        return self.variant is other.variant and self.properties == other.properties

    def as_json(self) -> dict[str, Any]:
        """The line as `cart.js` shows it; prices in cents."""
        price = round(float(self.variant.price) * 100)
        return {
            "id": self.variant.number,
            "key": self.key,
            "variant_id": self.variant.number,
            "product_id": self.variant.product.number,
            "sku": self.variant.sku,
            "title": self.variant.product.title,
            "quantity": self.quantity,
            "properties": self.properties,
            "price": price,
            "line_price": price * self.quantity,
        }


@dataclass(eq=False)
class Cart:
    """What a shopper wants. `created_at` is None before the first change."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    key: str = field(default_factory=lambda: secrets.token_hex(16))
    items: list[Item] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    note: str | None = None
    created_at: str | None = None

    @property
    def name(self) -> str:
        """The cart's whole token, as the shopper's browser keeps it."""
        return f"{self.token}?key={self.key}"

    def as_json(self) -> dict[str, Any]:
        """`cart.js`."""
        items = [item.as_json() for item in self.items]
        return {
            "token": self.name,
            "note": self.note,
            "attributes": self.attributes,
            "items": items,
            "item_count": sum(item.quantity for item in self.items),
            "total_price": sum(item["line_price"] for item in items),
            "currency": "BRL",
        }

    def add(self, variant: Variant, quantity: int, properties: dict[str, str]) -> Item:
        """Add units. Raises Refusal with 422 when the shop has not so many, and then adds none."""
        self._check(variant, self._units(variant) + quantity)
        for item in self.items:
            if item.variant is variant and item.properties == properties:
                item.quantity += quantity
                return item
        item = Item(variant, quantity, properties, a_key(variant))
        self.items.insert(0, item)
        return item

    def change(self, item: Item, quantity: int, properties: dict[str, str] | None = None) -> None:
        """Set a line's units; none removes it. Raises Refusal with 422 when the shop has not so many.

        Properties are part of a line's key: with others it gets another, and becomes one with a line that has the same.
        """
        if quantity > item.quantity:
            self._check(item.variant, self._units(item.variant) - item.quantity + quantity)
        item.quantity = max(0, quantity)
        if properties is not None and properties != item.properties:
            item.properties, item.key = properties, a_key(item.variant)
            for twin in [known for known in self.items if known is not item and known.is_like(item)]:
                item.quantity, twin.quantity = item.quantity + twin.quantity, 0
        self.items = [known for known in self.items if known.quantity]

    def _units(self, variant: Variant) -> int:
        return sum(item.quantity for item in self.items if item.variant is variant)

    def _check(self, variant: Variant, wanted: int) -> None:
        free = variant.inventory_quantity
        if variant.inventory_policy == "CONTINUE" or not variant.inventory_item.tracked or wanted <= free:
            return
        title = variant.product.title
        raise cart_error(422, f"The product '{title}' is already sold out." if free <= 0 else _at_most(free, title))


class Carts:
    """Every cart of a store that somebody may still come back to."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: dict[str, Cart] = {}

    def of(self, key: str) -> Cart:
        """The cart whose secret the browser has, or a new one."""
        cart = self._known.get(key)
        if cart is None:
            cart = Cart()
            self._known[cart.key] = cart
        return cart

    def forget(self, cart: Cart) -> None:
        """The cart was bought."""
        self._known.pop(cart.key, None)


def a_key(variant: Variant) -> str:
    """A key that no line had before."""
    return f"{variant.number}:{secrets.token_hex(16)}"


def cart_error(status: int, description: str) -> Refusal:
    """Shopify's refusal of a change of the cart."""
    body = {"status": status, "message": "Cart Error", "description": description}
    return Refusal(json_response(status, body))


def _at_most(units: int, title: str) -> str:
    return f"You can only add {units} {title} to the cart."
