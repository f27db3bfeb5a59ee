"""The shop's active locations at Shopify, so that the merchant chooses one by its name."""

import logging

from reservations.models import InstallationState, ShopifyInstallation
from reservations.shopify.client import paging
from reservations.shopify.client.global_ids import number
from reservations.shopify.errors import ShopifyError

logger = logging.getLogger(__name__)


def note_locations(shop_id: int) -> None:
    """Store the ids and names of the locations. If Shopify does not answer, those that we know stay."""
    try:
        found = list(paging.nodes(shop_id, "locations", {}, "locations"))
    except ShopifyError as error:
        logger.warning("shop %s: its locations were not read: %s", shop_id, error)
        return
    known = [{"id": int(number(one["id"])), "name": str(one["name"])} for one in found if number(one.get("id"))]
    installation = ShopifyInstallation.objects.filter(shop=shop_id, state=InstallationState.INSTALLED)
    installation.update(locations=sorted(known, key=lambda one: str(one["name"])))
