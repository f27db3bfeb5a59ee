"""Compare a shop's orders at Shopify with what we know, and ask for what we missed."""

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from plumbing import database_clock
from reservations.models import InstallationState, Shop, ShopifyInstallation
from reservations.shopify.client import admin_api
from reservations.shopify.errors import Refused
from reservations.shopify.orders import order_facts, order_query

from .changed_orders import changed_orders
from .gaps import missed_order_ids

logger = logging.getLogger(__name__)

# How long we leave a webhook to come by itself, and Shopify's search to find what changed.
PATIENCE = timedelta(minutes=10)
# As a rule Shopify's search finds a change within this time; it also covers two clocks that differ.
OVERLAP = timedelta(minutes=2)


def installed_shops() -> list[int]:
    """All shops that have the app."""
    installed = ShopifyInstallation.objects.filter(state=InstallationState.INSTALLED)
    return list(installed.order_by("shop_id").values_list("shop_id", flat=True))


def ask_for_missed_orders(shop_id: int, *, seconds: float, until: datetime | None = None) -> int:
    """Learn about the shop's orders that changed without our hearing of it; returns how many there were.

    Looks at what changed between the last time and `until` (by default some minutes ago); the next round takes what
    does not fit into `seconds`. Raises ShopifyError, InvalidPayload and what the engine raises, and keeps what it
    learned before.
    """
    deadline = time.monotonic() + seconds
    installation = _installed(shop_id).select_related("shop").first()
    if installation is None:
        return 0
    until = until or database_clock.now() - PATIENCE
    since = max(installation.orders_checked_until or installation.installed_at, installation.installed_at)
    found = 0
    for page in changed_orders(shop_id, since, until) if since < until else ():
        for order_id in missed_order_ids(shop_id, page):
            found += _learn(installation.shop, order_id)
        # After each page: a round that ends early goes on from here.
        if page:
            _checked(installation, page[-1].updated_at)
        if time.monotonic() >= deadline:
            return found
    _checked(installation, until)
    return found


def hear_of_all_orders(shop_id: int, *, seconds: float) -> bool:
    """Learn of every order that has changed by now, without the patience; False where `seconds` were not enough.

    Looks at what changed since it last knew of all, and for OVERLAP before that. It does not move how far the sweep has
    read, so the sweep still finds what Shopify's search shows later. Raises what :func:`ask_for_missed_orders` raises.
    """
    deadline, began = time.monotonic() + seconds, database_clock.now()
    installation = _installed(shop_id).select_related("shop").first()
    if installation is None:
        return False
    known = [installation.orders_checked_until, installation.orders_heard_until]
    since = max([installation.installed_at, *(at for at in known if at)])
    # Shopify's clock may be ahead of ours.
    for page in changed_orders(shop_id, since, began + PATIENCE, spare=admin_api.GUARDS_POINTS):
        for order_id in missed_order_ids(shop_id, page):
            _learn(installation.shop, order_id)
        if time.monotonic() >= deadline:
            return False
    _installed(shop_id).filter(installed_at=installation.installed_at).update(orders_heard_until=began - OVERLAP)
    return True


def _learn(shop: Shop, order_id: str) -> bool:
    try:
        news = order_query.fetch_order(shop.pk, order_id)
    except Refused as error:
        logger.warning("shop %s: order %s may not be asked for: %s", shop, order_id, error)
        return False
    if news is None:
        return False
    with transaction.atomic():
        learned = order_facts.learn(shop, news)
    if learned:
        logger.warning("shop %s: of order %s a webhook never came; it was asked for", shop, order_id)
    return learned


def _checked(installation: ShopifyInstallation, until: datetime) -> None:
    """Store how far we have read the list, unless the app was installed anew meanwhile. The time only ever grows."""
    rows = _installed(installation.shop_id).filter(installed_at=installation.installed_at)
    rows.exclude(orders_checked_until__gt=until).update(orders_checked_until=until)


def _installed(shop_id: int) -> QuerySet[ShopifyInstallation]:
    return ShopifyInstallation.objects.filter(shop=shop_id, state=InstallationState.INSTALLED)
