"""The stock behind some variants, read in one statement and so at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

# Dead holds still count in `reserved`, so we add their units back, less those that paid orders get first. Living holds
# come in the order in which they began: whoever came first is nearest to the checkout. An unpaid order has left it: a
# cart that still names its hold, as a copied one does, may not buy its units.
_FACTS = """
SELECT l.variant_id, i.id, i.ledger_position, f.free - least(i.owed, greatest(f.free, 0)),
    coalesce(h.ids, '{}'), coalesce(h.quantities, '{}'), h.next_expiry
FROM reservations_shop AS s
JOIN reservations_skulink AS l ON l.shop_id = s.id
JOIN reservations_stockitem AS i ON i.shop_id = l.shop_id AND i.sku = l.sku
LEFT JOIN LATERAL (
    SELECT sum(quantity) FILTER (WHERE expires_at <= clock.now) AS dead,
        array_agg(id::text ORDER BY created_at, id) FILTER (WHERE expires_at > clock.now AND order_id = '') AS ids,
        array_agg(quantity ORDER BY created_at, id)
            FILTER (WHERE expires_at > clock.now AND order_id = '') AS quantities,
        min(expires_at) FILTER (WHERE expires_at > clock.now) AS next_expiry
    FROM reservations_reservation, (SELECT clock_timestamp() AS now) AS clock
    WHERE shop_id = i.shop_id AND stock_item_id = i.id AND ended_at IS NULL
) AS h ON true
CROSS JOIN LATERAL (SELECT i.on_hand - i.in_flight - i.reserved + coalesce(h.dead, 0) AS free) AS f
WHERE s.id = %s AND l.variant_id = ANY(%s) AND NOT i.sells_without_stock
    AND i.on_hand - i.reserved - i.in_flight <= s.scarcity_threshold
"""


@dataclass(frozen=True, slots=True)
class Scarce:
    """A scarce SKU: ``free`` units that nobody holds (negative in a shortfall), and the units of each living hold."""

    stock_item_id: int
    ledger_position: int
    free: int
    holds: dict[str, int]
    next_expiry: datetime | None


def scarce_variants(shop_id: int, variant_ids: Sequence[int]) -> dict[int, Scarce]:
    """The facts about those of the variants whose SKU is scarce, by variant."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, (shop_id, list(variant_ids)))
        rows = cursor.fetchall()
    return {
        variant_id: Scarce(item_id, position, free, dict(zip(ids, quantities, strict=True)), next_expiry)
        for variant_id, item_id, position, free, ids, quantities, next_expiry in rows
    }
