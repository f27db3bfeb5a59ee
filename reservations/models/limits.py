"""What shoppers may hold of one SKU without having paid. This file says it for every SKU; the engine reads the same."""

from dataclasses import dataclass
from datetime import timedelta

from .shop import DEFAULT_UNITS_PER_LINE, Shop

# The shop's columns, in the order of the members below; the engine reads them in that order too.
_COLUMNS = (
    "max_units_per_line",
    "units_per_customer",
    "holds_per_customer",
    "units_per_address",
    "holds_per_address",
    "anonymous_percent",
    "unpaid_wait_percent",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one SKU. The first is of any cart (None: no limit), the others are of shoppers in the storefront.

    Units and holds are living ones. ``anonymous_percent`` is a share of the units that are not sold: what shoppers
    without a customer number hold together. ``wait_percent`` is a share of the time that a shopper held and did not
    pay: so long it waits for its next hold.
    """

    units_per_cart: int | None
    units_per_customer: int
    holds_per_customer: int
    units_per_address: int
    holds_per_address: int
    anonymous_percent: int
    wait_percent: int

    def anonymous_units(self, unsold: int) -> int:
        """Of so many units that are not sold, those that shoppers without a customer number may hold together.

        Never fewer than one cart may have: a share of a few units would keep the last ones from everybody.
        """
        unsold = max(0, unsold)
        share = -(-unsold * self.anonymous_percent // 100)
        return max(share, min(unsold, self.units_per_cart or DEFAULT_UNITS_PER_LINE))

    def wait(self, held: timedelta, term: timedelta) -> timedelta:
        """How long who held for `held` in all and paid nothing waits: from a full `term` on, and at most for one."""
        return min(held * self.wait_percent / 100, term) if held >= term else timedelta(0)


def limits_of(shop: Shop, sku: str) -> Limits:
    """The limits of this SKU: today the shop's own, the same for each SKU."""
    return Limits(*(getattr(shop, column) for column in _COLUMNS))
