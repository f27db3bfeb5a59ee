"""Orders with a shortfall carry a tag at Shopify, so that whoever packs them sees it before the customer does.

The transaction that finds a shortfall marks the order's row; this module then writes the tag. Units that come later are
the engine's business, which locks no order's row: so each round first compares the rows with what is open, and takes
the tag off where nothing is missing any more. Writing it twice, or taking it off twice, does no harm.
"""

import logging
import time
from datetime import timedelta

from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Now

from reservations.models import InstallationState, Shop, ShopifyOrder, Shortfall, TagState
from reservations.shopify.client import admin_api
from reservations.shopify.client.global_ids import global_id
from reservations.shopify.errors import ClientRefused, NeedsReopen, NotInstalled, ShopifyError, Unreachable

logger = logging.getLogger(__name__)

TAG = "bazico-shortfall"
BATCH = 50
RETRY_SECONDS = 30
LONGEST_RETRY_SECONDS = 3_600


_TAGGED = (TagState.WANTED, TagState.WRITTEN)
_DUE = (TagState.WANTED, TagState.UNWANTED)
_MUTATIONS = {TagState.WANTED: "tag_order", TagState.UNWANTED: "untag_order"}
_AFTER = {TagState.WANTED: TagState.WRITTEN, TagState.UNWANTED: TagState.NONE}


def tag_due_orders(*, seconds: float) -> int:
    """Bring the orders' tags in line with what they lack, for up to `seconds`; returns how many tags it changed."""
    deadline = time.monotonic() + seconds
    for shop_id in _shops_with_tags():
        follow_shortfalls(shop_id)
    changed = 0
    for shop_id in _shops_with_due():
        for order in _due(shop_id)[:BATCH]:
            if time.monotonic() >= deadline:
                return changed
            changed += _write(order)
    return changed


def follow_shortfalls(shop_id: int) -> None:
    """Mark the shop's orders whose tag has to come off, or on again, because of what happened to their shortfalls."""
    units = (
        Shortfall.objects.filter(shop=shop_id, order_id=OuterRef("order_id"), resolved_at=None)
        .order_by()
        .values("order_id")
        .annotate(units=Sum("quantity"))
        .values("units")
    )
    followed = (
        ShopifyOrder.objects.filter(shop=shop_id)
        .exclude(tag=TagState.NONE)
        .alias(lacking=Coalesce(Subquery(units), Value(0), output_field=IntegerField()))
    )
    # A statement for each case: a round that saw an order half way is put right by the next.
    followed.filter(tag__in=_TAGGED, lacking=0).update(
        tag=TagState.UNWANTED, tag_retry_at=Now(), tag_failures=0, shortfall_units=0
    )
    followed.filter(tag=TagState.UNWANTED, lacking__gt=0).update(
        tag=TagState.WANTED, tag_retry_at=Now(), tag_failures=0, shortfall_units=F("lacking")
    )
    followed.filter(tag__in=_TAGGED, lacking__gt=0).exclude(shortfall_units=F("lacking")).update(
        shortfall_units=F("lacking")
    )


def _shops_with_tags() -> list[int]:
    """The shops with an order that has a tag, or is to have one."""
    tagged = ShopifyOrder.objects.filter(shop=OuterRef("pk")).exclude(tag=TagState.NONE)
    return list(Shop.objects.filter(Exists(tagged)).order_by("pk").values_list("pk", flat=True))


def _shops_with_due() -> list[int]:
    """The shops with a tag to change, where the app is installed."""
    due = ShopifyOrder.objects.filter(shop=OuterRef("pk"), tag__in=_DUE, tag_retry_at__lte=Now())
    installed = Shop.objects.filter(Exists(due), shopify__state=InstallationState.INSTALLED)
    return list(installed.order_by("pk").values_list("pk", flat=True))


def _due(shop_id: int) -> QuerySet[ShopifyOrder]:
    return ShopifyOrder.objects.filter(shop=shop_id, tag__in=_DUE, tag_retry_at__lte=Now()).order_by("pk")


def _write(order: ShopifyOrder) -> bool:
    wish = TagState(order.tag)
    # The wish may turn while Shopify is asked; then the next round asks again.
    row = ShopifyOrder.objects.filter(shop=order.shop_id, pk=order.pk, tag=wish)
    try:
        admin_api.mutate(order.shop_id, _MUTATIONS[wish], {"id": global_id("Order", order.order_id), "tags": [TAG]})
    except (NotInstalled, NeedsReopen, ClientRefused, Unreachable, ShopifyError) as error:
        # The exponent stops at 10, long after the longest pause: the column and the power stay small.
        pause = min(RETRY_SECONDS * 2**order.tag_failures, LONGEST_RETRY_SECONDS)
        row.update(tag_failures=min(order.tag_failures + 1, 10), tag_retry_at=Now() + timedelta(seconds=pause))
        logger.warning("the tag of order %s of shop %s was not changed: %s", order.order_id, order.shop_id, error)
        return False
    row.update(tag=_AFTER[wish], tag_retry_at=None, tag_failures=0)
    return True
