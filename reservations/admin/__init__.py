"""Django's admin for those who run the service: everything that the engine owns is read here and changed through it."""

from . import api_key, reservation, shop, shopify, shortfall, site, stock_item, stock_movement, webhook

__all__ = ["api_key", "reservation", "shop", "shopify", "shortfall", "site", "stock_item", "stock_movement", "webhook"]
