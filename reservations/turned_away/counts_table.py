"""Add counts to the table, in one statement.

Every process writes the rows in one order, so that two never wait for each other in a circle. The statement reads the
stock's rows without locking them. The minute is the database's: each count says how many seconds ago it was made.
"""

from collections.abc import Mapping
from time import monotonic

from django.db import connection

from .tally import Count, Key

# Two processes may write one minute's row: the sums add up, and what the last refusal said comes from the later one.
_ADD = """
INSERT INTO reservations_refusal AS known
    (shop_id, stock_item_id, reason, minute, refusals, units, available, next_release, most_units, last_at)
SELECT i.shop_id, i.id, c.reason, date_trunc('minute', c.last_at), c.refusals, c.units, c.available, c.next_release,
    c.most_units, c.last_at
FROM (
    SELECT *, statement_timestamp() - make_interval(secs => age) AS last_at
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::int[], %s::timestamptz[],
        %s::int[], %s::float8[])
        AS given (shop_id, sku, reason, refusals, units, available, next_release, most_units, age)
) AS c
JOIN reservations_stockitem AS i ON i.shop_id = c.shop_id AND i.sku = c.sku
ORDER BY i.shop_id, i.id, c.reason
ON CONFLICT (shop_id, stock_item_id, minute, reason) DO UPDATE SET
    refusals = known.refusals + EXCLUDED.refusals,
    units = known.units + EXCLUDED.units,
    (available, next_release, most_units) = (
        SELECT later.available, later.next_release, later.most_units
        FROM (VALUES
            (EXCLUDED.last_at, EXCLUDED.available, EXCLUDED.next_release, EXCLUDED.most_units),
            (known.last_at, known.available, known.next_release, known.most_units)
        ) AS later (last_at, available, next_release, most_units)
        ORDER BY later.last_at DESC LIMIT 1
    ),
    last_at = greatest(known.last_at, EXCLUDED.last_at)
"""


def write(counts: Mapping[Key, Count]) -> None:
    """Add these counts to their minutes' rows, all or none. Raises what the database raises."""
    now = monotonic()
    rows = [
        (
            *key,
            count.refusals,
            count.units,
            count.said.available,
            count.said.next_release,
            count.said.most_units,
            now - count.last,
        )
        for key, count in counts.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [list(column) for column in zip(*rows, strict=True)])
