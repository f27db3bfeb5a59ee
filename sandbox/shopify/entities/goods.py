"""Products, variants, and their units at each location."""

from dataclasses import dataclass, field

from sandbox.shopify.entities.base import Entity, gid

# States that add up to "on hand"; "incoming" lies outside.
ON_HAND_STATES = ("available", "committed", "reserved", "damaged", "safety_stock", "quality_control")
STATES = ("incoming", "on_hand", *ON_HAND_STATES)


@dataclass(kw_only=True, eq=False)
class Location(Entity):
    """A place where stock lies."""

    typename = "Location"
    name: str
    is_active: bool = True
    fulfills_online_orders: bool = True
    has_active_inventory: bool = True
    ships_inventory: bool = True
    is_fulfillment_service: bool = False


@dataclass(kw_only=True, eq=False)
class Product(Entity):
    """A product with its variants in order."""

    typename = "Product"
    title: str
    status: str = "ACTIVE"
    vendor: str = "Bázico"
    tags: list[str] = field(default_factory=list)
    items: list["Variant"] = field(default_factory=list)

    @property
    def handle(self) -> str:
        """Its part of an address."""
        return self.title.lower().replace(" ", "-")

    @property
    def total_inventory(self) -> int:
        """Units available of all its variants."""
        return sum(variant.inventory_quantity for variant in self.items)


@dataclass(kw_only=True, eq=False)
class InventoryItem(Entity):
    """What is counted. Usually of one variant, but several may share it. `levels` by location number."""

    typename = "InventoryItem"
    sku: str | None
    tracked: bool = True
    requires_shipping: bool = True
    levels: dict[int, "Level"] = field(default_factory=dict)
    owners: list["Variant"] = field(default_factory=list)

    @property
    def variant(self) -> "Variant":
        """The first of its variants."""
        return self.owners[0]

    @property
    def available(self) -> int:
        """Units available at all locations."""
        return sum(level.units["available"] for level in self.levels.values())


@dataclass(kw_only=True, eq=False)
class Variant(Entity):
    """What a buyer puts into the cart. SKUs may repeat or be missing."""

    typename = "ProductVariant"
    product: Product
    inventory_item: InventoryItem
    title: str = "Default Title"
    price: str = "10.00"
    barcode: str | None = None
    inventory_policy: str = "DENY"

    @property
    def sku(self) -> str | None:
        """The SKU, kept on the inventory item."""
        return self.inventory_item.sku

    @property
    def display_name(self) -> str:
        """Product and variant in one."""
        return f"{self.product.title} - {self.title}"

    @property
    def inventory_quantity(self) -> int:
        """Units available at all locations."""
        return self.inventory_item.available


@dataclass(kw_only=True, eq=False)
class Level(Entity):
    """The units of an item at a location, by state; "on_hand" is their sum.

    `by_app` are the available units that an app's writes have put there, net, and `by_hand` those that the merchant's
    corrections have; the rest is the store's own trade.
    """

    typename = "InventoryLevel"
    item: InventoryItem
    location: Location
    is_active: bool = True
    can_deactivate: bool = True
    by_app: int = 0
    by_hand: int = 0
    units: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("incoming", *ON_HAND_STATES), 0))

    @property
    def id(self) -> str:
        """Its global id names the item too."""
        return f"{gid(self.typename, self.number)}?inventory_item_id={self.item.number}"

    @property
    def by_trade(self) -> int:
        """Units that would be available if nobody had ever written a number over the store's own."""
        return self.units["available"] - self.by_app - self.by_hand

    def quantity(self, name: str) -> int:
        """Units in a state."""
        return sum(self.units[state] for state in ON_HAND_STATES) if name == "on_hand" else self.units[name]


@dataclass(frozen=True)
class Write:
    """An app's write of available units, and how many the store's own trade leaves at that moment."""

    sku: str | None
    location_id: int
    available: int
    by_trade: int
