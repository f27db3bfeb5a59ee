"""Django's admin for those who run the service: everything that the engine owns is read here and changed through it."""

from . import (
    api_key,
    cart,
    order,
    privacy_request,
    refusal,
    reservation,
    see_also,
    service,
    shop,
    shopify,
    shortfall,
    stock_item,
    stock_movement,
    webhook_delivery,
    where,
)

__all__ = [
    "api_key",
    "cart",
    "order",
    "privacy_request",
    "refusal",
    "reservation",
    "see_also",
    "service",
    "shop",
    "shopify",
    "shortfall",
    "stock_item",
    "stock_movement",
    "webhook_delivery",
    "where",
]
