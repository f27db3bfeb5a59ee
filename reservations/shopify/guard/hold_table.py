"""The table of living holds that the validation has, for the stocks that have more than their variants tell.

It is told once for all lines of a cart, in four metafields, since Shopify hands none to a function that is longer than
10,000 bytes. ``extensions/bazico-guard/src/table.js`` says how it is spelled, and reads it.
"""

from hashlib import md5

import orjson
from django.db import connection

from .metafield_value import ID_LENGTH, MOST_TOLD, MOST_UNITS, digit, stock_key

KEYS = ("living_holds_1", "living_holds_2", "living_holds_3", "living_holds_4")
MOST_BYTES = 10_000
# The last number whose character is ASCII.
_MOST_IN_ONE = 78
_HEX = "0123456789abcdef"
_DIGITS_PER_PAGE = len(_HEX) // len(KEYS)

# Of one stock we read so many holds at most, the first to end: twice what the pages have room for.
MOST_READ = 5_000

# The stocks first, then the holds of each in the order of the index, so that neither a sale's holds nor the history is
# read for what the pages have no room for. The oldest first: where there is no room for all, they are nearest to the
# checkout. A stock whose variants still refer to the table stays in it, however few holds it has by now; the plus sign
# is the reference, and nothing else in a value is one.
_HOLDS = """
WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now), stocks AS MATERIALIZED (
    SELECT i.id FROM reservations_stockitem AS i
    JOIN reservations_shop AS s ON s.id = i.shop_id
    WHERE i.shop_id = %(shop)s AND NOT i.sells_without_stock
        AND i.on_hand - i.reserved - i.in_flight <= s.scarcity_threshold
        AND EXISTS (SELECT FROM reservations_skulink AS l WHERE l.shop_id = i.shop_id AND l.sku = i.sku)
        AND (
            SELECT count(*) FROM (
                SELECT FROM reservations_reservation AS r
                WHERE r.shop_id = i.shop_id AND r.stock_item_id = i.id AND r.ended_at IS NULL
                    AND r.expires_at > (SELECT now FROM clock) AND r.order_id = ''
                ORDER BY r.expires_at LIMIT %(told)s + 1
            ) AS first
        ) > %(told)s
    UNION
    SELECT g.stock_item_id FROM reservations_variantguard AS g
    WHERE g.shop_id = %(shop)s AND g.stock_item_id IS NOT NULL AND g.value LIKE '%%+%%'
)
SELECT h.id, stocks.id, h.quantity FROM stocks CROSS JOIN LATERAL (
    SELECT r.id::text, r.quantity, r.created_at FROM reservations_reservation AS r
    WHERE r.shop_id = %(shop)s AND r.stock_item_id = stocks.id AND r.ended_at IS NULL
        AND r.expires_at > (SELECT now FROM clock) AND r.order_id = ''
    ORDER BY r.expires_at LIMIT %(most)s
) AS h
ORDER BY h.created_at, h.id
"""


def hold_pages(shop_id: int) -> list[str]:
    """The JSON of the table's pages as they are now."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDS, {"shop": shop_id, "told": MOST_TOLD, "most": MOST_READ})
        return pages_of(cursor.fetchall())


def pages_of(holds: list[tuple[str, int, int]]) -> list[str]:
    """The pages for these holds: id, stock item, units. Those for which a page has no room are left out from the end.

    The carts of such holds wait at the checkout until older ones end: some sales come later, but no cart buys a unit
    that another one holds.
    """
    records: dict[str, list[str]] = {first: [] for first in _HEX}
    room = [MOST_BYTES - len(_page_json(page, records)) for page in range(len(KEYS))]
    for hold_id, stock_item_id, units in holds:
        record = _record(hold_id, stock_item_id, units)
        page = _HEX.index(record[0]) // _DIGITS_PER_PAGE
        # A backslash stands for 44 units, and JSON writes it twice.
        size = len(orjson.dumps(record)) - 2
        if size <= room[page]:
            room[page] -= size
            records[record[0]].append(record)
    return [_page_json(page, records).decode() for page in range(len(KEYS))]


def _record(hold_id: str, stock_item_id: int, units: int) -> str:
    """What is told of a hold; of one with many units several times, for a page in ASCII alone is read for half."""
    named = hold_id[-ID_LENGTH:] + stock_key(stock_item_id)
    whole, rest = divmod(min(units, MOST_UNITS), _MOST_IN_ONE)
    return (named + digit(_MOST_IN_ONE)) * whole + (named + digit(rest) if rest else "")


def fingerprint(page: str) -> str:
    """A page's name, to see whether it has changed."""
    return md5(page.encode(), usedforsecurity=False).hexdigest()


def _page_json(page: int, records: dict[str, list[str]]) -> bytes:
    first = page * _DIGITS_PER_PAGE
    return orjson.dumps({each: "".join(sorted(records[each])) for each in _HEX[first : first + _DIGITS_PER_PAGE]})
