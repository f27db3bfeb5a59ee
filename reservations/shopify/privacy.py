"""What Shopify's compliance topics demand: show what we store, and erase it.

We store little about a customer: which units of which SKU an order took and gave back, and which cart it came from.
We never store a name, an address, an e-mail or a telephone number; docs/data-protection.md tells the merchant so.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now

from reservations import erasure
from reservations.models import (
    ApiKey,
    CatalogueWalk,
    Cooldown,
    IdempotencyRecord,
    InstallationState,
    PrivacyRequest,
    PrivacyRequestKind,
    PublishedLevel,
    Refusal,
    Reservation,
    Shop,
    ShopifyCart,
    ShopifyInstallation,
    ShopifyOrder,
    SkuLink,
    VariantGuard,
    WebhookDelivery,
)
from reservations.models.webhook_delivery import SUBJECT, SUBJECT_LENGTH

from .access.installation import uninstall
from .webhooks.payload_reader import InvalidPayload, Payload

_OF_THE_SHOP = (
    *(ShopifyOrder, ShopifyCart, WebhookDelivery, PrivacyRequest, SkuLink, VariantGuard, PublishedLevel, Refusal),
    *(CatalogueWalk, Cooldown),
)
# More orders than any customer of a shop has; the rest of a longer list is ignored.
_MOST_ORDERS = 10_000
# No real domain ends in it (RFC 2606), so no session token opens what is left of an erased shop.
NOBODYS = "invalid"


def order_ids(payload: Payload, name: str) -> list[str]:
    """The ids of the orders that a request names. Raises InvalidPayload."""
    value = payload.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(type(known) is int for known in value):
        raise InvalidPayload(f"{name} is not a list of orders")
    return [str(known) for known in value[:_MOST_ORDERS]]


def export_orders(shop_id: int, reference: str, orders: Sequence[str]) -> None:
    """Store what we know about these orders, as the answer to the request `reference`."""
    _note(shop_id, PrivacyRequestKind.EXPORT, reference, export=[_exported(shop_id, known) for known in orders])


def erase_customer(shop_id: int, triggered_at: datetime, orders: Sequence[str]) -> int:
    """Erase what leads from these orders to a cart or a delivery; returns how many rows.

    The stock's own record stays: so many units of a SKU sold under an order's number name no person.
    """
    known = ShopifyOrder.objects.filter(shop=shop_id, order_id__in=orders)
    tokens = [token for token in known.values_list("cart_token", flat=True) if token]
    carts = ShopifyCart.objects.filter(Q(closed_by__in=orders) | Q(cart_token__in=tokens), shop=shop_id)
    erased = _erase_deliveries(shop_id, orders, list(carts.values_list("token", flat=True)))
    erased += carts.delete()[0]
    erased += known.update(cart_token=None, name="", confirmation="")
    for request in PrivacyRequest.objects.filter(shop=shop_id, kind=PrivacyRequestKind.EXPORT, export__isnull=False):
        if {row["order"] for row in request.export or ()} & set(orders):
            request.export = None
            request.save(update_fields=["export"])
            erased += 1
    _note(shop_id, PrivacyRequestKind.CUSTOMER_ERASURE, f"{triggered_at.isoformat()}", erased=erased)
    return erased


def erase_shop(shop: Shop, triggered_at: datetime) -> bool:
    """Erase everything that came from the shop's Shopify; False where the app was seen after `triggered_at`.

    If we still believe the app to be installed, the webhook of its uninstall got lost, so we uninstall it first. The
    ledger stays, as numbers of SKUs; its shop loses its name and its domain. Raises what the engine raises.
    """
    installation = ShopifyInstallation.objects.filter(shop=shop).first()
    has_left = installation is None or installation.state == InstallationState.UNINSTALLED
    if not (has_left or uninstall(shop, triggered_at)):
        return False
    for model in _OF_THE_SHOP:
        model._default_manager.filter(shop=shop).delete()
    # A shop that never had the app was made by an operator for other servers, and keeps its keys.
    if installation is not None:
        ShopifyInstallation.objects.filter(shop=shop).delete()
        IdempotencyRecord.objects.filter(shop=shop).delete()
        ApiKey.objects.filter(shop=shop).delete()
        Shop.objects.filter(pk=shop.pk).update(name="", domain=f"erased-{shop.pk}.{NOBODYS}")
        erasure.shop_is_erased(shop.pk)
    return True


def _erase_deliveries(shop_id: int, orders: Sequence[str], cart_tokens: Sequence[str]) -> int:
    """Erase the deliveries about these orders, their refunds and edits, and the carts that became them."""
    deliveries = WebhookDelivery.objects.filter(shop=shop_id).alias(subject=SUBJECT)
    of_orders = deliveries.filter(subject__in=orders, topic__regex="^(orders|refunds)/")
    # Two ways to the same rows: the whole token in the payload, or its start as the index keeps it.
    subjects = [token[:SUBJECT_LENGTH] for token in cart_tokens]
    of_carts = deliveries.filter(
        Q(payload__token__in=cart_tokens) | Q(subject__in=subjects), topic__startswith="carts/"
    )
    return of_orders.delete()[0] + of_carts.delete()[0]


def _exported(shop_id: int, order_id: str) -> dict[str, Any]:
    order = ShopifyOrder.objects.filter(shop=shop_id, order_id=order_id).first()
    sales = Reservation.objects.filter(shop=shop_id, order_id=order_id).order_by("created_at", "pk")
    return {
        "order": order_id,
        "cart": str(order.cart_token) if order and order.cart_token else None,
        "cancelled": bool(order and order.cancelled),
        "units": [
            {
                "sku": sale.stock_item.sku,
                "quantity": sale.quantity,
                "returned": sale.returned,
                "status": sale.status,
                "reserved_at": sale.created_at.isoformat(),
                "ended_at": sale.ended_at.isoformat() if sale.ended_at else None,
            }
            for sale in sales.select_related("stock_item")
        ],
    }


def _note(shop_id: int, kind: PrivacyRequestKind, reference: str, **values: Any) -> None:
    PrivacyRequest.objects.update_or_create(
        shop_id=shop_id, kind=kind, reference=reference, defaults={"fulfilled_at": Now(), **values}
    )
