"""Cancel at Shopify the orders that were not paid in time, where the merchant has chosen that.

Shopify keeps an unpaid order's units until the order is cancelled. We ask for the order once more right before, learn
what is new, and cancel it only if its payment is still awaited and nothing of it has left; we pay nothing back. From
outside Shopify nobody can rule out a payment between the question and the cancellation: such an order then reads *paid*
and *cancelled* there, and the merchant pays it back or ships it.
"""

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from reservations.models import InstallationState, Payment, Shop, ShopifyOrder
from reservations.shopify.client import admin_api
from reservations.shopify.client.global_ids import global_id
from reservations.shopify.errors import ClientRefused, NeedsReopen, NotInstalled, ShopifyError
from reservations.shopify.webhooks.payload_reader import InvalidPayload

from . import order_facts, order_query

logger = logging.getLogger(__name__)

BATCH = 50
# As a rule gateways report a last-minute payment within this time.
GRACE = timedelta(minutes=2)
# Shopify cancels in a job of its own, and its webhook tells us; until then we do not ask again.
ASKED = timedelta(hours=1)
RETRY_SECONDS = 60
LONGEST_RETRY_SECONDS = 3_600
# For the merchant's staff, in the order's history.
NOTE = "Bázico: o pagamento não chegou no prazo. / The payment did not come in time."


def cancel_due_orders(*, seconds: float) -> int:
    """Cancel orders for up to `seconds`; returns how many Shopify agreed to cancel."""
    deadline = time.monotonic() + seconds
    cancelled = 0
    for shop in shops_that_cancel():
        for order in due_orders(shop)[:BATCH]:
            if time.monotonic() >= deadline:
                return cancelled
            cancelled += _cancel(shop, order)
    return cancelled


def shops_that_cancel() -> QuerySet[Shop]:
    """The shops with the app that chose to have unpaid orders cancelled."""
    return Shop.objects.filter(cancel_unpaid_orders=True, shopify__state=InstallationState.INSTALLED).order_by("pk")


def due_orders(shop: Shop) -> QuerySet[ShopifyOrder]:
    """The shop's orders whose time to pay is over, the longest overdue first; none from before the installation.

    Until when an older order may be paid, its merchant and customer agreed without us.
    """
    retry = Q(cancel_retry_at=None) | Q(cancel_retry_at__lte=Now())
    return ShopifyOrder.objects.filter(
        retry,
        shop=shop,
        zero__isnull=True,
        payment=Payment.PENDING,
        cancelled=False,
        shipped=False,
        payment_due_at__lte=Now() - GRACE,
    ).order_by("payment_due_at", "pk")


def _cancel(shop: Shop, order: ShopifyOrder) -> bool:
    row = ShopifyOrder.objects.filter(shop=shop, pk=order.pk)
    try:
        news = order_query.fetch_order(shop.pk, order.order_id)
        if news is not None:
            with transaction.atomic():
                order_facts.learn(shop, news)
        # The merchant may have changed their mind meanwhile, too.
        if not (due_orders(shop).filter(pk=order.pk).exists() and shops_that_cancel().filter(pk=shop.pk).exists()):
            return False
        variables = {"id": global_id("Order", order.order_id), "note": NOTE}
        # Not to be repeated: a second call would cancel without asking again whether the order is still unpaid.
        admin_api.mutate(shop.pk, "cancel_unpaid_order", variables, repeatable=False)
    except (NotInstalled, NeedsReopen, ClientRefused, ShopifyError, InvalidPayload) as error:
        pause = min(RETRY_SECONDS * 2**order.cancel_failures, LONGEST_RETRY_SECONDS)
        row.update(cancel_failures=min(order.cancel_failures + 1, 10), cancel_retry_at=Now() + timedelta(seconds=pause))
        logger.warning("unpaid order %s of shop %s was not cancelled: %s", order.order_id, shop.pk, error)
        return False
    row.update(cancel_failures=0, cancel_retry_at=Now() + ASKED)
    return True
