"""What was asked for and not had: by carts that Shopify told of, and by buyers who were told no there and then."""

from collections.abc import Sequence

from reservations.models import Shop

from .unmet_buyers import turned_away
from .unmet_carts import refused_carts
from .unmet_line import SHOWN, Refused


def refusals(shop: Shop) -> tuple[Sequence[Refused], bool]:
    """The newest SHOWN refusals, the last one first, and whether there are more."""
    carts, more_carts = refused_carts(shop)
    counted, more_counted = turned_away(shop)
    found = sorted([*counted, *carts], key=lambda line: line.at, reverse=True)
    return found[:SHOWN], more_carts or more_counted or len(found) > SHOWN
