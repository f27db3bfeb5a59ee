"""Queries for products, variants, inventory and locations, and the lists of everything."""

from collections.abc import Callable, Iterable
from typing import Any

from graphql import GraphQLError

from sandbox.shopify.answers.resolvers import Context, connection, field
from sandbox.shopify.cursors import BAD, Connection
from sandbox.shopify.entities import STATES, Entity, InventoryItem, Level, Product, gid
from sandbox.shopify.search_syntax import matcher
from sandbox.shopify.store import Store

Shelf = Callable[[Store], Iterable[Entity]]

SHELVES: dict[str, Shelf] = {
    "products": lambda store: store.products.values(),
    "productVariants": lambda store: store.variants.values(),
    "inventoryItems": lambda store: store.items.values(),
    "locations": lambda store: (known for known in store.locations.values() if known.is_active),
    "orders": lambda store: store.orders.values(),
}


def _list(shelf: Shelf) -> Callable[..., Connection]:
    def answer(_: Any, context: Context, query: str | None = None, **arguments: Any) -> Connection:
        found = matcher(query)
        return connection(context, (entity for entity in shelf(context.store) if found(entity)), arguments)

    return answer


for _name, _shelf in SHELVES.items():
    field(f"QueryRoot.{_name}")(_list(_shelf))


@field(
    *(f"QueryRoot.{name}" for name in ("product", "productVariant", "inventoryItem", "inventoryLevel", "order")),
    *(f"QueryRoot.{name}" for name in ("refund", "return", "reverseFulfillmentOrder", "validation", "bulkOperation")),
    "QueryRoot.node",
)
def one(_: Any, context: Context, node_id: str) -> Entity | None:
    """Whatever has this id."""
    return context.store.find(node_id)


@field("QueryRoot.nodes")
def several(_: Any, context: Context, ids: list[str]) -> list[Entity | None]:
    """The same for many, with null for what is not there."""
    return [context.store.find(node_id) for node_id in ids]


@field("QueryRoot.location")
def location(_: Any, context: Context, node_id: str | None = None) -> Entity | None:
    """A location, the first without an id."""
    return context.store.find(node_id) if node_id else context.store.location


@field("QueryRoot.productVariantsCount")
def variants_count(_: Any, context: Context, query: str | None = None, **__: Any) -> dict[str, Any]:
    """How many variants a search finds."""
    return {"count": sum(map(matcher(query), context.store.variants.values())), "precision": "EXACT"}


@field("QueryRoot.inventoryProperties")
def inventory_properties(_: Any, context: Context) -> dict[str, Any]:
    """The states that quantities have."""
    inside = [state for state in STATES if state not in ("incoming", "on_hand")]
    return {
        "quantityNames": [
            {
                "name": state,
                "displayName": state.replace("_", " ").capitalize(),
                "isInUse": True,
                "belongsTo": ["on_hand"] if state in inside else [],
                "comprises": inside if state == "on_hand" else [],
            }
            for state in STATES
        ]
    }


@field("Product.variants")
def variants_of_product(product: Product, context: Context, **arguments: Any) -> Connection:
    """A product's variants."""
    return connection(context, product.items, arguments)


@field("InventoryItem.variants")
def variants_of_item(item: InventoryItem, context: Context, **arguments: Any) -> Connection:
    """The variants that an item is of."""
    return connection(context, item.owners, arguments)


@field("InventoryItem.duplicateSkuCount")
def duplicates(item: InventoryItem, context: Context) -> int:
    """How many other items have the same SKU."""
    return sum(other.sku == item.sku for other in context.store.items.values()) - 1 if item.sku else 0


@field("InventoryItem.inventoryLevel")
def level(item: InventoryItem, context: Context, location_id: str, **_: Any) -> Level | None:
    """The item's level at a location."""
    return next((known for known in item.levels.values() if known.location.id == location_id), None)


@field("InventoryItem.inventoryLevels")
def levels(item: InventoryItem, context: Context, query: str | None = None, **arguments: Any) -> Connection:
    """The item's levels."""
    return connection(context, item.levels.values(), arguments)


@field("InventoryLevel.quantities")
def quantities(found: Level, context: Context, names: list[str]) -> list[dict[str, Any]]:
    """The level's units in each of the states named. Raises GraphQLError for one that does not exist."""
    if unknown := set(names) - set(STATES):
        raise GraphQLError(f"Invalid quantity names: {', '.join(sorted(unknown))}", extensions=BAD)
    return [
        {
            "id": f"{gid('InventoryQuantity', found.number)}?name={name}",
            "name": name,
            "quantity": found.quantity(name),
            "updatedAt": found.updated_at,
        }
        for name in names
    ]
