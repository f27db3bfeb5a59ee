"""The table of living holds that the validation has, for the stocks that have more than their variants tell.

It is told once for all lines of a cart, in four metafields, since Shopify hands none to a function that is longer than
10,000 bytes. ``extensions/bazico-guard/src/table.js`` says how it is spelled, and reads it.
"""

from hashlib import md5

import orjson
from django.db import connection

from .metafield_value import ID_LENGTH, MOST_TOLD, digit, stock_key

KEYS = ("living_holds_1", "living_holds_2", "living_holds_3", "living_holds_4")
MOST_BYTES = 10_000
_HEX = "0123456789abcdef"
_DIGITS_PER_PAGE = len(_HEX) // len(KEYS)

# The oldest first: where there is no room for all, they are nearest to the checkout. A stock whose variants still refer
# to the table stays in it, however few holds it has by now.
_HOLDS = """
SELECT id, stock_item_id, quantity FROM (
    SELECT r.id::text, r.stock_item_id, r.quantity, r.created_at, count(*) OVER (PARTITION BY r.stock_item_id) AS holds
    FROM reservations_reservation AS r, (SELECT clock_timestamp() AS now) AS clock
    WHERE r.shop_id = %(shop)s AND r.status = 'active' AND r.ended_at IS NULL AND r.expires_at > clock.now
        AND r.order_id = ''
) AS living
WHERE (holds > %(told)s AND EXISTS (
        SELECT FROM reservations_stockitem AS i
        JOIN reservations_shop AS s ON s.id = i.shop_id
        JOIN reservations_skulink AS l ON l.shop_id = i.shop_id AND l.sku = i.sku
        WHERE i.shop_id = %(shop)s AND i.id = living.stock_item_id AND NOT i.sells_without_stock
            AND i.on_hand - i.reserved - i.in_flight <= s.scarcity_threshold
    )) OR EXISTS (
        SELECT FROM reservations_variantguard AS g
        WHERE g.shop_id = %(shop)s AND g.stock_item_id = living.stock_item_id AND g.value LIKE '%%+~%%'
    )
ORDER BY created_at, id
"""


def hold_pages(shop_id: int) -> list[str]:
    """The JSON of the table's pages as they are now."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDS, {"shop": shop_id, "told": MOST_TOLD})
        return pages_of(cursor.fetchall())


def pages_of(holds: list[tuple[str, int, int]]) -> list[str]:
    """The pages for these holds: id, stock item, units. Those for which a page has no room are left out from the end.

    The carts of such holds wait at the checkout until older ones end: some sales come later, but no cart buys a unit
    that another one holds.
    """
    records: dict[str, list[str]] = {first: [] for first in _HEX}
    room = [MOST_BYTES - len(_page_json(page, records)) for page in range(len(KEYS))]
    for hold_id, stock_item_id, units in holds:
        record = hold_id[-ID_LENGTH:] + stock_key(stock_item_id) + digit(units)
        page = _HEX.index(record[0]) // _DIGITS_PER_PAGE
        # A backslash stands for 44 units, and JSON writes it twice.
        size = len(orjson.dumps(record)) - 2
        if size <= room[page]:
            room[page] -= size
            records[record[0]].append(record)
    return [_page_json(page, records).decode() for page in range(len(KEYS))]


def fingerprint(page: str) -> str:
    """A page's name, to see whether it has changed."""
    return md5(page.encode(), usedforsecurity=False).hexdigest()


def _page_json(page: int, records: dict[str, list[str]]) -> bytes:
    first = page * _DIGITS_PER_PAGE
    return orjson.dumps({each: "".join(sorted(records[each])) for each in _HEX[first : first + _DIGITS_PER_PAGE]})
