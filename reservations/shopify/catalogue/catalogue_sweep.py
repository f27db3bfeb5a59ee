"""Find the shops whose whole catalogue we have to read, and read it."""

import logging

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from reservations.models import InstallationState, ShopifyInstallation
from reservations.shopify.errors import ShopifyError

from . import links

logger = logging.getLogger(__name__)


def shops_to_link() -> list[int]:
    """Installed shops whose catalogue we have not read since the installation."""
    unread = Q(links_synced_at=None) | Q(links_synced_at__lt=F("installed_at"))
    return list(_installed().filter(unread).order_by("shop_id").values_list("shop_id", flat=True))


def installed_shops() -> list[int]:
    """All shops that have the app."""
    return list(_installed().order_by("shop_id").values_list("shop_id", flat=True))


def link_catalogue(shop_id: int) -> int:
    """Read the shop's catalogue and note when; returns how many variants there are.

    Raises what :func:`links.sync_links` raises, after storing for the merchant what stood in the way.
    """
    try:
        total = links.sync_links(shop_id)
    except ShopifyError as error:
        _installed().filter(shop=shop_id).update(links_problem=f"{type(error).__name__}: {error}"[:255])
        raise
    _installed().filter(shop=shop_id).update(links_synced_at=Now(), links_problem="")
    return total


def _installed() -> QuerySet[ShopifyInstallation]:
    return ShopifyInstallation.objects.filter(state=InstallationState.INSTALLED)
