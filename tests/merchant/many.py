"""A big merchant's shop: thousands of SKUs, live holds, ended reservations. Written by SQL: tests only read it."""

import psycopg

from reservations.models import Shop
from tests.support.database import address

_ITEMS = """
INSERT INTO reservations_stockitem
    (shop_id, sku, on_hand, reserved, in_flight, ledger_position, counted_at, created_at)
SELECT %(shop)s, format('SKU-%%s', lpad(n::text, 5, '0')), 2 + n %% 40, (n <= %(live)s)::int, 0,
    1 + (n <= %(live)s)::int, now() - n * interval '1 second', now()
FROM generate_series(1, %(last)s) AS n
"""
_LIVE = """
INSERT INTO reservations_reservation
    (id, shop_id, stock_item_id, quantity, returned, status, created_at, expires_at, order_id)
SELECT gen_random_uuid(), shop_id, id, 1, 0, 'active', now(), now() + interval '5 minutes' + id * interval '10 ms', ''
FROM reservations_stockitem WHERE shop_id = %(shop)s AND created_at = now() AND reserved = 1
"""
_LEDGER = """
INSERT INTO reservations_stockmovement (shop_id, stock_item_id, position, kind, on_hand_delta, reserved_delta,
    in_flight_delta, on_hand, reserved, in_flight, reservation_id, reference, at)
SELECT shop_id, id, 1, 'count', on_hand, 0, 0, on_hand, 0, 0, NULL::uuid, '', now() FROM reservations_stockitem
WHERE shop_id = %(shop)s AND created_at = now()
UNION ALL
SELECT r.shop_id, stock_item_id, 2, 'reserved', 0, 1, 0, i.on_hand, 1, 0, r.id, '', now()
FROM reservations_reservation AS r JOIN reservations_stockitem AS i ON i.id = r.stock_item_id
WHERE r.shop_id = %(shop)s AND r.created_at = now()
"""
_ENDED = """
INSERT INTO reservations_reservation
    (id, shop_id, stock_item_id, quantity, returned, status, created_at, expires_at, ended_at, order_id)
SELECT gen_random_uuid(), %(shop)s, item + n %% %(skus)s, 1, 0,
    (ARRAY['confirmed', 'expired', 'confirmed', 'released'])[1 + n %% 4],
    at - interval '10 minutes', at, at, ''
FROM (SELECT n, now() - n * interval '20 seconds' AS at FROM generate_series(1, %(last)s) AS n) AS ends,
    (SELECT min(id) AS item FROM reservations_stockitem WHERE shop_id = %(shop)s) AS known
"""
_REFUSED = """
INSERT INTO reservations_refusal (shop_id, stock_item_id, reason, minute, refusals, units, available, last_at)
SELECT %(shop)s, item + n %% %(skus)s, 'out_of_stock', date_trunc('minute', at), 3, 4, 0, at
FROM (SELECT n, now() - (n / 10) * interval '1 minute' AS at FROM generate_series(1, %(last)s) AS n) AS minutes,
    (SELECT min(id) AS item FROM reservations_stockitem WHERE shop_id = %(shop)s) AS known
"""
_CARTS = """
INSERT INTO reservations_shopifycart (shop_id, token, cart_token, closed_by, refused, seen_at)
SELECT %(shop)s, format('cart-%%s', n), gen_random_uuid(), '',
    CASE WHEN n %% 10 = 0 THEN '{"SKU-00001": 2}'::jsonb ELSE '{}' END, now() - n * interval '1 minute'
FROM generate_series(1, %(last)s) AS n
"""


def fill(
    shop: Shop, *, skus: int = 10_000, live: int = 1_000, ended: int = 0, refusals: int = 0, carts: int = 0
) -> None:
    """Add so many SKUs, `live` of them with a live hold of one unit, and `ended` reservations of the last weeks.

    Also `refusals` of the last days, ten a minute, and `carts`, one a minute, every tenth with less than it
    asked for.
    """
    values = {"shop": shop.pk, "skus": skus, "live": live}
    # Not the product's connection: so many rows may take longer on a busy machine than the product waits for anything.
    with psycopg.connect(address(), autocommit=True, cursor_factory=psycopg.ClientCursor) as unlimited:
        with unlimited.transaction():
            for statement in (_ITEMS, _LIVE, _LEDGER):
                unlimited.execute(statement, values | {"last": skus})
        for statement, rows in ((_ENDED, ended), (_REFUSED, refusals), (_CARTS, carts)):
            unlimited.execute(statement, values | {"last": rows})
        for table in ("stockitem", "reservation", "stockmovement", "refusal", "shopifycart"):
            unlimited.execute(f"ANALYZE reservations_{table}")
