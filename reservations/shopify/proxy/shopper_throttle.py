"""Limit how often one shopper may call, by address and by cart, as the shop has set it.

The address is the one that Shopify's proxy writes (:mod:`reservations.api.caller_address`). Carriers put many shoppers
behind one address, hence the generous limit. It keeps scripts in a shop polite but does not defend the stock, which
PostgreSQL does.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings

from reservations.api.authentication import Caller
from reservations.api.errors import Throttled
from reservations.api.throttle import Limit, sliding_window


class AddressThrottle(Limit):
    """Holds a shopper's address to the shop's requests per minute."""

    @staticmethod
    def concerns(caller: Caller) -> bool:
        """Whether the shop limits addresses."""
        return caller.shop.requests_per_address is not None

    @staticmethod
    def count(meta: Mapping[str, Any], caller: Caller) -> None:
        """Count a call from the shopper's address. Raises Throttled."""
        if caller.shopper is not None:
            _count(caller, f"address:{caller.shopper.address}", caller.shop.requests_per_address)


def cart_throttle(caller: Caller, cart_token: UUID) -> None:
    """Hold a cart to the shop's requests per minute. Raises Throttled."""
    _count(caller, f"cart:{cart_token}", caller.shop.requests_per_cart)


def _count(caller: Caller, who: str, requests_per_minute: int | None) -> None:
    if requests_per_minute is None:
        return
    counted = Caller(caller.shop, f"{caller.credential}:{caller.shop.pk}:{who}", requests_per_minute)
    seconds = sliding_window(settings.REDIS_URL).seconds_to_wait(counted)
    if seconds:
        raise Throttled(seconds)
