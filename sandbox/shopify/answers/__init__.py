"""What each field of the schema is resolved to, one file per subject. Fields not named here are read off the entity."""

from sandbox.shopify.answers import bulk, inventory, metafields, orders, reading, shop, tags, validations
from sandbox.shopify.answers.table import Context, default, resolvers, typename

__all__ = [
    "Context",
    "bulk",
    "default",
    "inventory",
    "metafields",
    "orders",
    "reading",
    "resolvers",
    "shop",
    "tags",
    "typename",
    "validations",
]
