"""What a store consists of. Field names are the Admin API's in snake case; the resolvers read them by that rule."""

from sandbox.shopify.entities.app import Bulk, Change, Definition, Function, Group, Metafield, Validation
from sandbox.shopify.entities.base import Entity, gid, stamp
from sandbox.shopify.entities.goods import (
    ON_HAND_STATES,
    STATES,
    InventoryItem,
    Level,
    Location,
    Product,
    Variant,
    Write,
)
from sandbox.shopify.entities.returns import (
    DISPOSITIONS,
    Disposition,
    ExchangeLineItem,
    FulfillmentLineItem,
    Return,
    ReturnLineItem,
    ReverseFulfillmentOrder,
    ReverseLine,
)
from sandbox.shopify.entities.sales import PAYMENTS, LineItem, LineItemGroup, Order, Refund, RefundLine

__all__ = [
    "DISPOSITIONS",
    "ON_HAND_STATES",
    "PAYMENTS",
    "STATES",
    "Bulk",
    "Change",
    "Definition",
    "Disposition",
    "Entity",
    "ExchangeLineItem",
    "FulfillmentLineItem",
    "Function",
    "Group",
    "InventoryItem",
    "Level",
    "LineItem",
    "LineItemGroup",
    "Location",
    "Metafield",
    "Order",
    "Product",
    "Refund",
    "RefundLine",
    "Return",
    "ReturnLineItem",
    "ReverseFulfillmentOrder",
    "ReverseLine",
    "Validation",
    "Variant",
    "Write",
    "gid",
    "stamp",
]
