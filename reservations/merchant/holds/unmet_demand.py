"""Demand that the stock did not meet: of carts that Shopify reported, and of buyers turned away on the spot."""

from collections.abc import Sequence

from reservations.models import Shop

from .unmet_buyers import turned_away
from .unmet_carts import unmet_carts
from .unmet_line import SHOWN, Unmet


def unmet_demand(shop: Shop) -> tuple[Sequence[Unmet], bool]:
    """The newest SHOWN lines, the last one first, and whether there are more."""
    carts, more_carts = unmet_carts(shop)
    counted, more_counted = turned_away(shop)
    # Each source gives its own newest SHOWN, so the newest SHOWN of all are among them.
    found = sorted([*counted, *carts], key=lambda line: line.at, reverse=True)
    return found[:SHOWN], more_carts or more_counted or len(found) > SHOWN
