"""The tables of the stock.

Only :mod:`reservations.engine` writes stock items, movements, reservations and shortfalls; everything else reads.
Every tenant's row carries its shop, and every unique constraint on such a row includes it.
"""

from .api_key import ApiKey, Scope, hash_key
from .cart import Cart
from .catalogue_walk import CatalogueWalk
from .cooldown import Cooldown
from .heartbeat import Heartbeat
from .idempotency import IdempotencyRecord
from .limits import Limits, limits_of
from .privacy_request import PrivacyRequest, PrivacyRequestKind
from .published_level import PublishedLevel
from .refusal import Refusal, RefusalReason
from .reservation import HeldBy, Reservation, Status
from .shop import InventoryMode, Language, SellWhen, Shop
from .shopify_cart import NamedBy, ShopifyCart
from .shopify_installation import InstallationState, ShopifyInstallation, ValidationState
from .shopify_order import Payment, ShopifyOrder, TagState
from .shortfall import Shortfall, ShortfallCause
from .sku_link import SkuLink
from .staff_shop import StaffShop
from .stock import MovementKind, StockItem, StockMovement
from .variant_guard import VariantGuard
from .webhook_delivery import DeliveryStatus, WebhookDelivery

__all__ = [
    "ApiKey",
    "Cart",
    "CatalogueWalk",
    "Cooldown",
    "DeliveryStatus",
    "Heartbeat",
    "HeldBy",
    "IdempotencyRecord",
    "InstallationState",
    "InventoryMode",
    "Language",
    "Limits",
    "MovementKind",
    "NamedBy",
    "Payment",
    "PrivacyRequest",
    "PrivacyRequestKind",
    "PublishedLevel",
    "Refusal",
    "RefusalReason",
    "Reservation",
    "Scope",
    "SellWhen",
    "Shop",
    "ShopifyCart",
    "ShopifyInstallation",
    "ShopifyOrder",
    "Shortfall",
    "ShortfallCause",
    "SkuLink",
    "StaffShop",
    "Status",
    "StockItem",
    "StockMovement",
    "TagState",
    "ValidationState",
    "VariantGuard",
    "WebhookDelivery",
    "hash_key",
    "limits_of",
]
