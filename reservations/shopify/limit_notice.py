"""The limits that shoppers read before they apply: a metafield of the app in the shop, for the theme's block alone.

The block *Limite por cliente* is part of the product's page as Shopify renders it, so nothing moves when it is read.
"""

import logging
from typing import Any

import orjson

from reservations.models import InstallationState, Limits, Shop, ShopifyInstallation, limits_of
from reservations.shopify.client import admin_api
from reservations.shopify.errors import ShopifyError

logger = logging.getLogger(__name__)

# The block reads `app.metafields.bazico.limits`.
NAMESPACE, KEY = "bazico", "limits"


def notice(limits: Limits) -> dict[str, int | None]:
    """What the block is told; None where there is no such limit."""
    return {
        "per_cart": limits.units_per_cart,
        "per_customer": limits.units_per_customer,
        "per_address": limits.units_per_address,
        "anonymous_percent": limits.anonymous_percent if limits.anonymous_percent < 100 else None,
    }


def shops_to_tell() -> list[int]:
    """The shops whose theme does not show the limits as they are now."""
    installed = ShopifyInstallation.objects.filter(state=InstallationState.INSTALLED).select_related("shop")
    return [one.shop_id for one in installed.order_by("shop_id") if one.limits_told != _wanted(one)]


def tell(shop_id: int) -> bool:
    """Write the shop's limits to Shopify; False where that failed, and is tried again by the next round."""
    installation = ShopifyInstallation.objects.select_related("shop").get(shop=shop_id)
    wanted = _wanted(installation)
    value = orjson.dumps(wanted["notice"]).decode()
    try:
        owner = admin_api.call(shop_id, "installation")["currentAppInstallation"]["id"]
        row = {"ownerId": owner, "namespace": NAMESPACE, "key": KEY, "type": "json", "value": value}
        admin_api.mutate(shop_id, "set_limits", {"metafields": [row]})
    except ShopifyError as error:
        logger.warning("shop %s: its theme was not told the limits: %s", shop_id, error)
        return False
    ShopifyInstallation.objects.filter(pk=installation.pk).update(limits_told=wanted)
    return True


def _wanted(installation: ShopifyInstallation) -> dict[str, Any]:
    """What must have been told, and to which installation: with the app its metafields go."""
    shop: Shop = installation.shop
    return {"installed_at": installation.installed_at.isoformat(), "notice": notice(limits_of(shop, ""))}
