"""Django's admin for the operators of the service. It reads what the engine owns, and changes it through the engine."""

from . import (
    api_key,
    cart,
    heartbeat,
    idempotency,
    order,
    privacy_request,
    refusal,
    reservation,
    see_also,
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
    "heartbeat",
    "idempotency",
    "order",
    "privacy_request",
    "refusal",
    "reservation",
    "see_also",
    "shop",
    "shopify",
    "shortfall",
    "stock_item",
    "stock_movement",
    "webhook_delivery",
    "where",
]
