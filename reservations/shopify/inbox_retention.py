"""How long we keep what Shopify told us. A parked delivery waits for a person, however long."""

import logging
import time
from datetime import timedelta

from django.db.models import Model, QuerySet
from django.db.models.functions import Now

from reservations.models import DeliveryStatus, PrivacyRequest, Shop, ShopifyCart, WebhookDelivery

logger = logging.getLogger(__name__)

# Far longer than Shopify's own retries; long enough to answer "what happened last week?".
DELIVERIES_KEPT = timedelta(days=30)
# A cart token lives for about two weeks without an order.
CARTS_KEPT = timedelta(days=30)
# The merchant hands an export on within the 30 days that Shopify gives. The fact that we made it stays.
EXPORTS_KEPT = timedelta(days=90)
ROUND_SECONDS = 40.0
BATCH = 1_000


def prune_inbox(*, seconds: float = ROUND_SECONDS) -> int:
    """Delete old deliveries, carts and exports, shop by shop and in small steps; returns how many rows."""
    deadline = time.monotonic() + seconds
    deleted = 0
    for shop_id in Shop.objects.order_by("pk").values_list("pk", flat=True):
        ended = WebhookDelivery.objects.filter(shop=shop_id, received_at__lt=Now() - DELIVERIES_KEPT)
        done = ended.filter(status__in=[DeliveryStatus.APPLIED, DeliveryStatus.IGNORED])
        unheard = ShopifyCart.objects.filter(shop=shop_id, seen_at__lt=Now() - CARTS_KEPT)
        for rows in (done, unheard):
            while time.monotonic() < deadline and (step := _delete_some(rows)):
                deleted += step
        old = PrivacyRequest.objects.filter(shop=shop_id, fulfilled_at__lt=Now() - EXPORTS_KEPT)
        deleted += old.exclude(export=None).update(export=None)
    if deleted:
        logger.info("pruned %s old webhooks, carts and exports", deleted)
    return deleted


def _delete_some(rows: QuerySet[Model]) -> int:
    # By keys, since DELETE knows no LIMIT: the rows of one step are locked for a moment only.
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    return rows.filter(pk__in=ids).delete()[0] if ids else 0
