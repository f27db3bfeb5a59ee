"""Read the orders that a shop had before it installed the app, so that each one's zero is known before it changes.

The oldest come first, as far back as Shopify lets us look; archived ones too, because an exchange reopens them. Each
slice runs under a lease and begins where the last one ended, so a worker that dies loses nothing. If an order changes
before we reach it, the time of the change tells: see :mod:`.order_zero`.
"""

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from plumbing.lease import Lease
from reservations.models import InstallationState, Shop, ShopifyInstallation, ShopifyOrder
from reservations.shopify.client import admin_api, paging
from reservations.shopify.client.global_ids import number
from reservations.shopify.errors import Refused
from reservations.shopify.webhooks import payload_reader

from . import order_facts, order_query
from .missed_orders.changed_orders import spelt

logger = logging.getLogger(__name__)

# Without the scope `read_all_orders` Shopify shows no older ones.
REACH = timedelta(days=60)
# Longer than the longest call, and the pages of a long order.
_LEASE_SECONDS = 120.0
_UNREAD = Q(older_orders_read_until=None) | Q(older_orders_read_until__lt=F("installed_at"))


def shops_to_read() -> list[int]:
    """The installed shops whose older orders we have not all read."""
    unread = ShopifyInstallation.objects.filter(_UNREAD, state=InstallationState.INSTALLED)
    return list(unread.order_by("shop_id").values_list("shop_id", flat=True))


def read_older_orders(shop_id: int, *, seconds: float) -> bool:
    """Read on for about `seconds`; True while there are more. Does nothing while somebody else reads.

    Raises ShopifyError, InvalidPayload and what the engine raises, and keeps what it read before.
    """
    rows = ShopifyInstallation.objects.filter(shop=shop_id, state=InstallationState.INSTALLED)
    with Lease(rows, holder="older_orders_lease", until="older_orders_lease_until").held(_LEASE_SECONDS) as held:
        installation = rows.filter(_UNREAD).select_related("shop").first()
        if held is None or installation is None:
            return False
        ends, installed_at = time.monotonic() + seconds, installation.installed_at
        since = max(installation.older_orders_read_until or installed_at - REACH, installed_at - REACH)
        for order_id, placed_at in _listed(shop_id, since, installed_at):
            was_new = _read(installation.shop, order_id)
            # Only for the installation that we began with: a new one begins anew.
            mine = held.mine.filter(installed_at=installed_at)
            if not (held.renew(_LEASE_SECONDS) and mine.update(older_orders_read_until=placed_at)):
                return True
            # We know the orders of the last slice's final second: to stop among them again would get us nowhere.
            if was_new and time.monotonic() >= ends:
                return True
        held.mine.filter(installed_at=installed_at).update(older_orders_read_until=installed_at)
        logger.info("shop %s: its orders from before the installation were read", shop_id)
    return False


def _listed(shop_id: int, since: datetime, until: datetime) -> Iterator[tuple[str, datetime]]:
    """The ids of the orders placed in that time, and when, the oldest first; without cancelled ones, which are over."""
    query = f"created_at:>='{spelt(since)}' AND created_at:<='{spelt(until)}'"
    for node in paging.nodes(shop_id, "orders_before", {"query": query}, "orders"):
        placed_at = payload_reader.time(node, "createdAt")
        if placed_at is not None and placed_at < until and node.get("cancelledAt") is None:
            yield number(node.get("id")), placed_at


def _read(shop: Shop, order_id: str) -> bool:
    """Learn about the order; False if we know it already or may not ask for it."""
    if ShopifyOrder.objects.filter(shop=shop, order_id=order_id).exclude(settled_at=None).exists():
        return False
    try:
        news = order_query.fetch_order(shop.pk, order_id, spare=admin_api.GUARDS_POINTS)
    except Refused as error:
        logger.warning("shop %s: older order %s may not be asked for: %s", shop, order_id, error)
        return False
    if news is None:
        return False
    with transaction.atomic():
        return order_facts.learn(shop, news)
