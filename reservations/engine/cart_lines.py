"""What a cart holds and could still get: a committed read, without a lock."""

from collections.abc import Sequence
from uuid import UUID

from .book import committed_reads
from .follow_links import links_say
from .reserve import sum_lines
from .values import CartLine, Line

# One statement and one read of the clock, so one moment: no hold counts as alive for the cart and as dead for the rest.
# A dead hold covers nobody, and its units are free whether or not a job has written that down; but paid orders that
# lack units get them first, so where any are lacking no hold's end is a buyer's hope.
_CART = """
SELECT i.sku, coalesce(r.own, 0), f.free - least(i.owed, greatest(f.free, 0)),
    greatest(0, f.free - i.owed + i.in_doubt) - greatest(0, f.free - i.owed), i.sells_without_stock,
    CASE WHEN i.owed = 0 AND f.free >= 0 THEN r.first_end END
FROM reservations_stockitem AS i
LEFT JOIN LATERAL (
    SELECT sum(quantity) FILTER (WHERE expires_at > clock.now AND cart_token = %s AND order_id = '') AS own,
        sum(quantity) FILTER (WHERE expires_at <= clock.now) AS dead,
        min(expires_at) FILTER (
            WHERE expires_at > clock.now AND (cart_token IS DISTINCT FROM %s OR order_id <> '')
        ) AS first_end
    FROM reservations_reservation, (SELECT clock_timestamp() AS now) AS clock
    WHERE shop_id = i.shop_id AND stock_item_id = i.id AND status = 'active'
) AS r ON true
CROSS JOIN LATERAL (SELECT i.on_hand - i.in_flight - i.reserved + coalesce(r.dead, 0) AS free) AS f
WHERE i.shop_id = %s AND i.sku = ANY(%s)
"""


def cart_lines(shop_id: int, cart_token: UUID, lines: Sequence[Line]) -> tuple[CartLine, ...]:
    """For each SKU the units that the cart holds and those that nobody holds; lines of one SKU add up.

    Raises Busy and Unavailable.
    """
    wanted = sum_lines(lines)
    with committed_reads() as statements:
        rows = statements.fetch(_CART, (cart_token, cart_token, shop_id, [line.sku for line in wanted]))
        found = {sku: rest for sku, *rest in rows}
        for line in wanted:
            if line.sku not in found:
                found[line.sku] = [0, None, 0, links_say(statements, shop_id, line.sku)]
    return tuple(CartLine(line.sku, line.quantity, *found[line.sku]) for line in wanted)
