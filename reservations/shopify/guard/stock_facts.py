"""The stock behind some variants, read in one statement and so at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from .metafield_value import MOST_TOLD, guard_value

# Of so many holds of a stock, the first that end, we look which are of carts without a name.
_MOST_LOOKED_AT = 1_000

# Dead holds still count in `reserved`, so we add their units back, less those that paid orders get first. What is read
# of the living ones is bounded, for one SKU may have very many: one more than a variant tells, the first end, and the
# first to end. An unpaid order has left its cart: a cart that still names its hold, as a copied one does, may not buy
# its units. A cart that went around our script has the name that we derived, a uuid of version 5, and bears none. A
# time is told only where a buyer can use it: nothing is free, no paid order gets the unit first, and it is less than
# half a day away, for the time of day says no day.
_FACTS = """
WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now)
SELECT l.variant_id, i.id, i.ledger_position, f.free - least(i.owed, greatest(f.free, 0)),
    coalesce(told.ids, '{}'), coalesce(told.quantities, '{}'), coalesce(nameless.units, 0), next.expires_at,
    i.owed = 0 AND f.free = 0 AND next.expires_at < clock.now + interval '12 hours', a.time_zone
FROM reservations_shop AS s
JOIN reservations_skulink AS l ON l.shop_id = s.id
LEFT JOIN reservations_shopifyinstallation AS a ON a.shop_id = s.id
JOIN reservations_stockitem AS i ON i.shop_id = l.shop_id AND i.sku = l.sku
CROSS JOIN clock
CROSS JOIN LATERAL (
    SELECT i.on_hand - i.in_flight - i.reserved + coalesce(sum(quantity), 0) AS free FROM reservations_reservation
    WHERE shop_id = i.shop_id AND stock_item_id = i.id AND ended_at IS NULL AND expires_at <= clock.now
) AS f
CROSS JOIN LATERAL (
    SELECT array_agg(id::text) AS ids, array_agg(quantity) AS quantities FROM (
        SELECT id, quantity FROM reservations_reservation
        WHERE shop_id = i.shop_id AND stock_item_id = i.id AND ended_at IS NULL AND expires_at > clock.now
            AND order_id = ''
        ORDER BY expires_at LIMIT %(told)s
    ) AS first
) AS told
LEFT JOIN LATERAL (
    SELECT expires_at FROM reservations_reservation
    WHERE shop_id = i.shop_id AND stock_item_id = i.id AND ended_at IS NULL AND expires_at > clock.now
    ORDER BY expires_at LIMIT 1
) AS next ON true
CROSS JOIN LATERAL (
    SELECT sum(quantity) AS units FROM (
        SELECT quantity, cart_token, order_id FROM reservations_reservation
        WHERE shop_id = i.shop_id AND stock_item_id = i.id AND ended_at IS NULL AND expires_at > clock.now
        ORDER BY expires_at LIMIT %(looked_at)s
    ) AS first
    WHERE order_id = '' AND get_byte(uuid_send(cart_token), 6) >> 4 = 5 AND EXISTS (
        SELECT FROM reservations_shopifycart AS c
        WHERE c.shop_id = i.shop_id AND c.cart_token = first.cart_token AND c.closed_by = ''
    )
) AS nameless
WHERE s.id = %(shop)s AND l.variant_id = ANY(%(variants)s) AND NOT i.sells_without_stock
    AND i.on_hand - i.reserved - i.in_flight <= s.scarcity_threshold
"""


@dataclass(frozen=True, slots=True)
class Scarce:
    """A scarce SKU at one moment.

    ``free`` units nobody holds (negative in a shortfall). ``holds`` are living holds with their units, one more than a
    variant tells at most. ``nameless`` units are held by carts that bear no name of ours. ``until`` is when the first
    unit comes free, in the shop's time zone; None where that helps no buyer.
    """

    stock_item_id: int
    ledger_position: int
    free: int
    holds: dict[str, int]
    nameless: int
    next_expiry: datetime | None
    until: datetime | None

    def value(self, title: str) -> str:
        """What a variant of this SKU tells, as JSON."""
        holds = self.holds.items()
        return guard_value(self.stock_item_id, self.free, holds, title, nameless=self.nameless, until=self.until)


def scarce_variants(shop_id: int, variant_ids: Sequence[int]) -> dict[int, Scarce]:
    """The facts about those of the variants whose SKU is scarce, by variant."""
    most = {"told": MOST_TOLD + 1, "looked_at": _MOST_LOOKED_AT}
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"shop": shop_id, "variants": list(variant_ids), **most})
        rows = cursor.fetchall()
    return {variant_id: _scarce(*facts) for variant_id, *facts in rows}


def _scarce(
    item_id: int,
    position: int,
    free: int,
    ids: list[str],
    quantities: list[int],
    nameless: int,
    next_expiry: datetime | None,
    is_of_use: bool | None,  # noqa: FBT001 - a column
    zone: str | None,
) -> Scarce:
    holds = dict(zip(ids, quantities, strict=True))
    until = next_expiry.astimezone(ZoneInfo(zone or settings.TIME_ZONE)) if next_expiry and is_of_use else None
    return Scarce(item_id, position, free, holds, nameless, next_expiry, until)
