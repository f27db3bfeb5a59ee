"""Resolvers for the schema's fields, one file per subject. A field without one is read off the entity."""

from sandbox.shopify.answers import bulk, cancellation, inventory, metafields, orders, queries, shop, tags, validations
from sandbox.shopify.answers.resolvers import Context, default, resolvers, typename

__all__ = [
    "Context",
    "bulk",
    "cancellation",
    "default",
    "inventory",
    "metafields",
    "orders",
    "queries",
    "resolvers",
    "shop",
    "tags",
    "typename",
    "validations",
]
