"""Orders with a shortfall carry a tag at Shopify, so that whoever packs them sees it before the customer does.

The transaction that finds a shortfall marks the order's row; this module then writes the tag. Writing it twice does no
harm.
"""

import logging
import time
from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from reservations.models import InstallationState, Shop, ShopifyOrder, TagState
from reservations.shopify.client import admin_api
from reservations.shopify.client.global_ids import global_id
from reservations.shopify.errors import ClientRefused, NeedsReopen, NotInstalled, ShopifyError, Unreachable

logger = logging.getLogger(__name__)

TAG = "bazico-shortfall"
BATCH = 50
RETRY_SECONDS = 30
LONGEST_RETRY_SECONDS = 3_600


def tag_due_orders(*, seconds: float) -> int:
    """Tag the marked orders, shop by shop, for up to `seconds`; returns how many got their tag."""
    deadline = time.monotonic() + seconds
    tagged = 0
    for shop_id in _shops_with_due():
        for order in _due(shop_id)[:BATCH]:
            if time.monotonic() >= deadline:
                return tagged
            tagged += _tag(order)
    return tagged


def _shops_with_due() -> list[int]:
    """The shops with an order to tag, where the app is installed."""
    due = ShopifyOrder.objects.filter(shop=OuterRef("pk"), tag=TagState.WANTED, tag_retry_at__lte=Now())
    installed = Shop.objects.filter(Exists(due), shopify__state=InstallationState.INSTALLED)
    return list(installed.order_by("pk").values_list("pk", flat=True))


def _due(shop_id: int) -> QuerySet[ShopifyOrder]:
    return ShopifyOrder.objects.filter(shop=shop_id, tag=TagState.WANTED, tag_retry_at__lte=Now()).order_by("pk")


def _tag(order: ShopifyOrder) -> bool:
    row = ShopifyOrder.objects.filter(shop=order.shop_id, pk=order.pk, tag=TagState.WANTED)
    try:
        admin_api.mutate(order.shop_id, "tag_order", {"id": global_id("Order", order.order_id), "tags": [TAG]})
    except (NotInstalled, NeedsReopen, ClientRefused, Unreachable, ShopifyError) as error:
        # The exponent stops at 10, long after the longest pause: the column and the power stay small.
        pause = min(RETRY_SECONDS * 2**order.tag_failures, LONGEST_RETRY_SECONDS)
        row.update(tag_failures=min(order.tag_failures + 1, 10), tag_retry_at=Now() + timedelta(seconds=pause))
        logger.warning("order %s of shop %s was not tagged: %s", order.order_id, order.shop_id, error)
        return False
    row.update(tag=TagState.WRITTEN, tag_retry_at=None, tag_failures=0)
    return True
