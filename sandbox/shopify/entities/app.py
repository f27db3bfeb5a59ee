"""What the app makes in a store: metafields, validations, bulk operations, groups of inventory changes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sandbox.shopify.entities.base import Entity
from sandbox.shopify.entities.goods import InventoryItem, Location


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
class Definition(Entity):
    """What metafields of a namespace and key look like."""

    typename = "MetafieldDefinition"
    name: str
    namespace: str
    key: str
    owner_type: str
    type_name: str
    description: str | None = None


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
