"""What a cart holds and could still get: a committed read, without a lock."""

from collections.abc import Sequence
from uuid import UUID

from .book import committed_reads
from .follow_links import links_say
from .reserve import sum_lines
from .values import CartLine, Line

# One statement and one read of the clock, so one moment: no hold counts as alive for the cart and as dead for the rest.
# A dead hold covers nobody, and its units are free whether or not a job has written that down; but paid orders that
# lack units get them first, so where any are lacking no hold's end is a buyer's hope. The cart's own holds, the dead
# and the first that ends are read apart: read together, all of a SKU's are.
_CART = """
WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now), own AS MATERIALIZED (
    SELECT stock_item_id, quantity FROM reservations_reservation
    WHERE shop_id = %s AND cart_token = %s AND status = 'active' AND order_id = ''
        AND expires_at > (SELECT now FROM clock)
)
SELECT i.sku, (SELECT coalesce(sum(quantity), 0) FROM own WHERE stock_item_id = i.id),
    f.free - least(i.owed, greatest(f.free, 0)),
    greatest(0, f.free - i.owed + i.in_doubt) - greatest(0, f.free - i.owed), i.sells_without_stock,
    CASE WHEN i.owed = 0 AND f.free >= 0 THEN (
        SELECT expires_at FROM reservations_reservation
        WHERE shop_id = i.shop_id AND stock_item_id = i.id AND ended_at IS NULL
            AND expires_at > (SELECT now FROM clock) AND (cart_token IS DISTINCT FROM %s OR order_id <> '')
        ORDER BY expires_at LIMIT 1
    ) END
FROM reservations_stockitem AS i
CROSS JOIN LATERAL (
    SELECT i.on_hand - i.in_flight - i.reserved + coalesce(sum(quantity), 0) AS free FROM reservations_reservation
    WHERE shop_id = i.shop_id AND stock_item_id = i.id AND ended_at IS NULL AND expires_at <= (SELECT now FROM clock)
) AS f
WHERE i.shop_id = %s AND i.sku = ANY(%s)
"""


def cart_lines(shop_id: int, cart_token: UUID, lines: Sequence[Line]) -> tuple[CartLine, ...]:
    """For each SKU the units that the cart holds and those that nobody holds; lines of one SKU add up.

    Raises Busy and Unavailable.
    """
    wanted = sum_lines(lines)
    with committed_reads() as statements:
        values = (shop_id, cart_token, cart_token, shop_id, [line.sku for line in wanted])
        rows = statements.fetch(_CART, values)
        found = {sku: rest for sku, *rest in rows}
        for line in wanted:
            if line.sku not in found:
                found[line.sku] = [0, None, 0, links_say(statements, shop_id, line.sku)]
    return tuple(CartLine(line.sku, line.quantity, *found[line.sku]) for line in wanted)
