"""What a store consists of. Field names are the Admin API's in snake case; the resolvers read them by that rule."""

from sandbox.shopify.entities.app import Bulk, Change, Definition, Function, Group, Metafield, Validation
from sandbox.shopify.entities.base import Entity, gid, stamp
from sandbox.shopify.entities.goods import ON_HAND_STATES, STATES, InventoryItem, Level, Location, Product, Variant
from sandbox.shopify.entities.sales import LineItem, Order, Refund, RefundLine

__all__ = [
    "ON_HAND_STATES",
    "STATES",
    "Bulk",
    "Change",
    "Definition",
    "Entity",
    "Function",
    "Group",
    "InventoryItem",
    "Level",
    "LineItem",
    "Location",
    "Metafield",
    "Order",
    "Product",
    "Refund",
    "RefundLine",
    "Validation",
    "Variant",
    "gid",
    "stamp",
]
