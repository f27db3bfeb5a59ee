"""The cart-and-checkout validation: we create it once per installation, then look now and then whether it is on."""

import logging
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import F, Q
from django.db.models.functions import Now

from reservations.models import InstallationState, ShopifyInstallation, ValidationState
from reservations.shopify.client import admin_api
from reservations.shopify.errors import ShopifyError

logger = logging.getLogger(__name__)

# The function's handle in extensions/.
FUNCTION_HANDLE = "bazico-guard"
TITLE = "Bázico: reserva de estoque"
# A merchant may switch it off, or on again, in Shopify's settings.
LOOK_AGAIN = timedelta(hours=1)
TRY_AGAIN = timedelta(minutes=1)


def shops_to_look_at() -> list[int]:
    """Shops whose validation we have not looked at since their installation, or not for a while."""
    never = Q(validation_checked_at=None) | Q(validation_checked_at__lt=F("installed_at"))
    failed = Q(validation_state=ValidationState.FAILED, validation_checked_at__lt=Now() - TRY_AGAIN)
    old = Q(validation_checked_at__lt=Now() - LOOK_AGAIN)
    installed = ShopifyInstallation.objects.filter(never | failed | old, state=InstallationState.INSTALLED)
    return list(installed.order_by("shop_id").values_list("shop_id", flat=True))


def ensure_validation(shop_id: int) -> ValidationState:
    """Find the shop's validation, or create it, and store its state. One that the merchant switched off stays off.

    Where Shopify does not let us, we store the reason for the merchant and try again later; nothing is raised.
    """
    try:
        time_zone, known = _existing(shop_id)
        known = known or _created(shop_id)
    except ShopifyError as error:
        logger.warning("shop %s: the checkout validation could not be made: %s", shop_id, error)
        return _keep(shop_id, ValidationState.FAILED, problem=f"{type(error).__name__}: {error}"[:255])
    state = ValidationState.ON if known["enabled"] else ValidationState.OFF
    return _keep(shop_id, state, validation_id=known["id"], problem="", time_zone=time_zone)


def _existing(shop_id: int) -> tuple[str, dict[str, Any] | None]:
    """The shop's time zone, and ours among its validations: after a lost answer we must not create a second one."""
    after = None
    while True:
        answer = admin_api.call(shop_id, "validations", {"after": after})
        zone, found = _known_zone(answer["shop"]["ianaTimezone"]), answer["validations"]
        for known in found["nodes"]:
            if (known.get("shopifyFunction") or {}).get("handle") == FUNCTION_HANDLE:
                return zone, dict(known)
        if not found["pageInfo"]["hasNextPage"]:
            return zone, None
        after = found["pageInfo"]["endCursor"]


def _known_zone(name: str) -> str:
    """The name, if this machine knows the zone; else none, and times are told in the service's own."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        return ""


def _created(shop_id: int) -> dict[str, Any]:
    # Not blockOnFailure: a checkout that our function cannot judge goes on, and the order's webhook still finds its
    # units or its shortfall.
    wanted = {"functionHandle": FUNCTION_HANDLE, "enable": True, "blockOnFailure": False, "title": TITLE}
    made = admin_api.mutate(shop_id, "create_validation", {"validation": wanted}, repeatable=False)["validation"]
    return dict(made)


def _keep(shop_id: int, state: ValidationState, **more: object) -> ValidationState:
    installation = ShopifyInstallation.objects.filter(shop=shop_id, state=InstallationState.INSTALLED)
    installation.update(validation_state=state, validation_checked_at=Now(), **more)
    return state
