"""What a store consists of. Field names are the Admin API's in snake case; the resolvers read them by that rule."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

# States that add up to "on hand"; "incoming" lies outside.
ON_HAND_STATES = ("available", "committed", "reserved", "damaged", "safety_stock", "quality_control")
STATES = ("incoming", "on_hand", *ON_HAND_STATES)


def gid(typename: str, number: int) -> str:
    """The global id of an object."""
    return f"gid://shopify/{typename}/{number}"


def stamp(at: datetime | None) -> str | None:
    """A time as GraphQL prints it."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(kw_only=True, eq=False)
class Entity:
    """Anything with an id and two times."""

    typename: ClassVar[str]
    number: int
    created: datetime
    updated: datetime = field(init=False)

    def __post_init__(self) -> None:
        """It was last changed when it was made."""
        self.updated = self.created

    @property
    def id(self) -> str:
        """Its global id."""
        return gid(self.typename, self.number)

    @property
    def legacy_resource_id(self) -> int:
        """Its id in webhooks."""
        return self.number

    @property
    def created_at(self) -> str | None:
        """When it was made."""
        return stamp(self.created)

    @property
    def updated_at(self) -> str | None:
        """When it last changed."""
        return stamp(self.updated)


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
    """The units of an item at a location, by state; "on_hand" is their sum."""

    typename = "InventoryLevel"
    item: InventoryItem
    location: Location
    is_active: bool = True
    can_deactivate: bool = True
    units: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("incoming", *ON_HAND_STATES), 0))

    @property
    def id(self) -> str:
        """Its global id names the item too."""
        return f"{gid(self.typename, self.number)}?inventory_item_id={self.item.number}"

    def quantity(self, name: str) -> int:
        """Units in a state."""
        return sum(self.units[state] for state in ON_HAND_STATES) if name == "on_hand" else self.units[name]


@dataclass(kw_only=True, eq=False)
class Metafield(Entity):
    """A value that an app or the merchant keeps with an object."""

    typename = "Metafield"
    owner: str
    owner_type: str
    namespace: str
    key: str
    type: str
    value: str

    @property
    def size_in_bytes(self) -> int:
        """How large the value is."""
        return len(self.value.encode())


@dataclass(kw_only=True, eq=False)
class LineItem(Entity):
    """A line of an order. `current_quantity` is what is left after edits and refunds."""

    typename = "LineItem"
    variant: Variant
    quantity: int
    current_quantity: int
    unfulfilled_quantity: int
    custom_attributes: list[dict[str, str]] = field(default_factory=list)

    @property
    def sku(self) -> str | None:
        """The variant's SKU."""
        return self.variant.sku

    @property
    def title(self) -> str:
        """The product's title."""
        return self.variant.product.title

    name = title

    @property
    def product(self) -> Product:
        """The product."""
        return self.variant.product

    @property
    def refundable_quantity(self) -> int:
        """Units not refunded yet."""
        return self.current_quantity


@dataclass(kw_only=True, eq=False)
class RefundLine(Entity):
    """Units of a line that were refunded. `restock_type`: no_restock, cancel or return."""

    typename = "RefundLineItem"
    line_item: LineItem
    quantity: int
    kind: str
    location: Location | None = None

    @property
    def restock_type(self) -> str:
        """The kind as GraphQL names it."""
        return self.kind.upper()

    @property
    def restocked(self) -> bool:
        """Whether the units came back into stock."""
        return self.kind != "no_restock"


@dataclass(kw_only=True, eq=False)
class Refund(Entity):
    """A refund of an order."""

    typename = "Refund"
    lines: list[RefundLine]
    note: str = ""


@dataclass(kw_only=True, eq=False)
class Order(Entity):
    """An order. `custom_attributes` are the webhook's note_attributes."""

    typename = "Order"
    lines: list[LineItem]
    cart_token: str | None
    checkout_token: str | None
    custom_attributes: list[dict[str, str]]
    paid: bool = False
    cancelled: datetime | None = None
    cancel_reason: str | None = None
    tags: list[str] = field(default_factory=list)
    refund_list: list[Refund] = field(default_factory=list)
    note: str = ""
    test: bool = False
    closed: bool = False
    confirmed: bool = True
    source_name: str = "web"
    currency_code: str = "BRL"
    display_fulfillment_status: str = "UNFULFILLED"

    @property
    def name(self) -> str:
        """What the merchant calls it."""
        return f"#{self.number % 10_000 + 1_000}"

    @property
    def processed_at(self) -> str | None:
        """When it was placed."""
        return self.created_at

    @property
    def cancelled_at(self) -> str | None:
        """When it was cancelled, None if it was not."""
        return stamp(self.cancelled)

    @property
    def fully_paid(self) -> bool:
        """Whether it is paid."""
        return self.paid

    @property
    def display_financial_status(self) -> str:
        """Paid or not, refunded or not."""
        if self.refund_list:
            return "REFUNDED" if not any(line.current_quantity for line in self.lines) else "PARTIALLY_REFUNDED"
        return "PAID" if self.paid else "PENDING"


@dataclass(kw_only=True, eq=False)
class Function(Entity):
    """A function that the app deployed."""

    typename = "ShopifyFunction"
    handle: str
    api_key: str
    title: str = "Bázico"
    api_type: str = "cart_checkout_validation"
    api_version: str = "2026-10"
    use_creation_ui: bool = True


@dataclass(kw_only=True, eq=False)
class Validation(Entity):
    """A cart-and-checkout validation in force."""

    typename = "Validation"
    title: str
    shopify_function: Function
    enabled: bool = False
    block_on_failure: bool = False


@dataclass(kw_only=True, eq=False)
class Bulk(Entity):
    """A bulk operation and its result, one JSON object a line."""

    typename = "BulkOperation"
    query: str
    status: str = "CREATED"
    error_code: str | None = None
    lines: list[str] = field(default_factory=list)
    root_object_count: int = 0
    url: str | None = None
    type: str = "QUERY"


@dataclass(kw_only=True, eq=False)
class Definition(Entity):
    """What metafields of a namespace and key look like."""

    typename = "MetafieldDefinition"
    name: str
    namespace: str
    key: str
    owner_type: str
    type_name: str
    description: str | None = None


@dataclass(frozen=True)
class Change:
    """What an inventory mutation did to one quantity."""

    item: InventoryItem
    location: Location
    name: str
    delta: int
    quantity_after_change: int
    ledger_document_uri: str | None = None


@dataclass(kw_only=True, eq=False)
class Group(Entity):
    """The changes of one inventory mutation."""

    typename = "InventoryAdjustmentGroup"
    reason: str
    reference_document_uri: str | None
    made: list[Change]

    def of(self, names: Iterable[str] | None) -> list[Change]:
        """The changes of some states, all without."""
        wanted: Any = None if names is None else set(names)
        return [change for change in self.made if wanted is None or change.name in wanted]
