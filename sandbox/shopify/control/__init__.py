"""What Shopify's stand-in can be told besides what every stand-in can.

An order that concerns a store takes `shop` (its myshopify.com domain); without, it means the demo store.
"""

from sandbox.shopify.control import merchants, purchases, returns, rules, store_books, traffic
from sandbox.shopify.control.shopify_panel import panel

__all__ = ["merchants", "panel", "purchases", "returns", "rules", "store_books", "traffic"]
