"""One store: its products, inventory, orders, and what the app did to it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.shopify.entities import (
    Bulk,
    Definition,
    Entity,
    Function,
    InventoryItem,
    Level,
    Location,
    Metafield,
    Order,
    Product,
    Return,
    ReverseFulfillmentOrder,
    Validation,
    Variant,
    Write,
)
from sandbox.shopify.shopper_carts import Carts
from sandbox.stand_in import Numbers
from sandbox.web import Clock

_GLOBAL_ID = re.compile(r"gid://shopify/(?P<kind>\w+)/(?P<number>\d+)(?:\?inventory_item_id=(?P<item>\d+))?")

APP_NUMBER = 314_159_265
SCOPES = (
    "read_products",
    "read_inventory",
    "write_inventory",
    "read_locations",
    "read_orders",
    "read_returns",
    "write_orders",
    "write_validations",
    "write_app_proxy",
)


@dataclass
class Rules:
    """How Shopify treats this store. Points: what a query costs, restored per second up to the bucket's size.

    `charge`: points are counted at all. `functions`: handles of the app's functions; None knows every handle.
    `inventory_webhooks`: a change of a level is told. `bulk_seconds`: how long a bulk operation runs.
    `names_rows`: a refused change of inventory names its row.
    """

    charge: bool = True
    bucket_points: float = 2_000.0
    restore_points: float = 100.0
    functions: list[str] | None = None
    inventory_webhooks: bool = True
    names_rows: bool = True
    bulk_seconds: float = 0.2
    scopes: list[str] = field(default_factory=lambda: list(SCOPES))


class Store:
    """A store with one location, by its myshopify.com domain."""

    def __init__(self, domain: str, clock: Clock, ids: Numbers) -> None:
        """Begin with a location and nothing to sell."""
        self.domain = domain
        self.clock = clock
        self.ids = ids
        self.number = next(ids)
        self.installed = True
        self.rules = Rules()
        self.products: dict[int, Product] = {}
        self.variants: dict[int, Variant] = {}
        self.items: dict[int, InventoryItem] = {}
        self.locations: dict[int, Location] = {}
        self.orders: dict[int, Order] = {}
        self.returns: dict[int, Return] = {}
        self.reverse_orders: dict[int, ReverseFulfillmentOrder] = {}
        self.writes: list[Write] = []
        self.metafields: dict[tuple[str, str, str], Metafield] = {}
        self.definitions: dict[int, Definition] = {}
        self.functions: dict[str, Function] = {}
        self.validations: dict[int, Validation] = {}
        self.bulks: dict[int, Bulk] = {}
        self.carts = Carts()
        self.add_location("Loja principal")

    def now(self) -> datetime:
        """The store's time."""
        return datetime.fromtimestamp(self.clock.now(), UTC)

    def birth(self) -> dict[str, Any]:
        """Id and time for something new."""
        return {"number": next(self.ids), "created": self.now()}

    def touch(self, *changed: Entity) -> None:
        """They have changed now."""
        for entity in changed:
            entity.updated = self.now()

    @property
    def location(self) -> Location:
        """The first location: where orders take their units from."""
        return next(iter(self.locations.values()))

    def add_location(self, name: str) -> Location:
        """Add a place where stock lies."""
        location = Location(**self.birth(), name=name)
        self.locations[location.number] = location
        return location

    def add_product(self, title: str, variants: Iterable[Mapping[str, Any]]) -> Product:
        """Add a product; each variant has sku, quantity and whatever else a Variant has."""
        product = Product(**self.birth(), title=title)
        self.products[product.number] = product
        for row in variants:
            self.add_variant(product, **row)
        return product

    def add_variant(
        self, product: Product, sku: str | None = None, quantity: int = 0, *, tracked: bool = True, **more: Any
    ) -> Variant:
        """Add a variant with its own inventory item, `quantity` units available at the first location."""
        item = InventoryItem(**self.birth(), sku=sku, tracked=tracked)
        self.items[item.number] = item
        variant = Variant(**self.birth(), product=product, inventory_item=item, **more)
        self.variants[variant.number] = variant
        item.owners.append(variant)
        product.items.append(variant)
        self.activate(item, self.location).units["available"] = quantity
        return variant

    def activate(self, item: InventoryItem, location: Location) -> Level:
        """Stock an item at a location, if it is not yet."""
        if location.number not in item.levels:
            item.levels[location.number] = Level(**self.birth(), item=item, location=location)
        return item.levels[location.number]

    def returns_of(self, order: Order) -> list[Return]:
        """The order's returns."""
        return [known for known in self.returns.values() if known.order is order]

    def function(self, handle: str) -> Function | None:
        """The app's function with this handle, None when none was deployed."""
        if self.rules.functions is not None and handle not in self.rules.functions:
            return None
        if handle not in self.functions:
            self.functions[handle] = Function(**self.birth(), handle=handle, api_key="")
        return self.functions[handle]

    def find(self, global_id: str) -> Entity | None:
        """Whatever has this global id."""
        match = _GLOBAL_ID.fullmatch(global_id)
        if match is None:
            return None
        number = int(match["number"])
        if match["kind"] == "InventoryLevel":
            return next((level for level in self._levels(match["item"]) if level.number == number), None)
        if match["kind"] == "Metafield":
            return next((known for known in self.metafields.values() if known.number == number), None)
        found: Entity | None = self._shelf(match["kind"]).get(number)
        return found

    def _shelf(self, kind: str) -> Mapping[int, Any]:
        shelves: dict[str, Mapping[int, Any]] = {
            "Product": self.products,
            "ProductVariant": self.variants,
            "InventoryItem": self.items,
            "Location": self.locations,
            "Order": self.orders,
            "Refund": {refund.number: refund for order in self.orders.values() for refund in order.refund_list},
            "Return": self.returns,
            "ReverseFulfillmentOrder": self.reverse_orders,
            "Validation": self.validations,
            "BulkOperation": self.bulks,
            "MetafieldDefinition": self.definitions,
        }
        return shelves.get(kind, {})

    def _levels(self, item: str | None) -> Iterable[Level]:
        known = self.items.get(int(item)) if item else None
        return known.levels.values() if known else ()
