"""What a buyer's request reads of a sale's holds stays small, whatever the planner believes of the table.

One SKU has all the live holds and the history has many more that ended: a planner that thinks of the usual SKU then
finds whole-table plans cheap, and with old statistics or none it knows nothing. ``PLANS_FULL=1`` takes the sizes of a
large sale.
"""

import os
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection

from reservations import engine
from reservations.engine.flash_sale.sold_out import hints
from reservations.models import Reservation, Shop, ShopifyOrder, SkuLink
from reservations.shopify.customer_account.order_units import order_units
from reservations.shopify.guard.hold_table import MOST_READ, hold_pages
from reservations.shopify.guard.metafield_value import MOST_TOLD
from reservations.shopify.guard.stock_facts import scarce_variants
from tests.factories import database_now, make_shop, settle_one, stock_of
from tests.promise.database.hot_statements import recorded, rows_read
from tests.support.database import address

FULL = os.environ.get("PLANS_FULL") == "1"
LIVE, ENDED = (250_000, 1_000_000) if FULL else (20_000, 60_000)
# Of so many holds: a cart's own, the first that ends, a page of dead ones.
MOST_ROWS = 120
HOT, SOLD_OUT, FREE = "HOT", "SOLD-OUT", "FREE"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1_800)]

_HOLDS = """
WITH carts AS (
    INSERT INTO reservations_cart (shop_id, token, created_at)
    SELECT %(shop)s, gen_random_uuid(), clock_timestamp() FROM generate_series(1, %(rows)s) RETURNING token
)
INSERT INTO reservations_reservation
    (id, shop_id, stock_item_id, cart_token, quantity, returned, status, created_at, expires_at, ended_at, order_id)
SELECT gen_random_uuid(), i.shop_id, i.id, token, 1, 0, %(status)s, clock_timestamp() - interval '1 minute',
    clock_timestamp() + interval '1 hour', CASE WHEN %(status)s = 'active' THEN NULL ELSE clock_timestamp() END, ''
FROM reservations_stockitem AS i, carts WHERE i.shop_id = %(shop)s AND i.sku = %(sku)s
"""
_SOLD_OUT = """
UPDATE reservations_stockitem SET on_hand = %(rows)s, reserved = %(rows)s, ledger_position = ledger_position + 1
WHERE shop_id = %(shop)s AND sku = %(sku)s
"""
_LEDGER = """
INSERT INTO reservations_stockmovement (shop_id, stock_item_id, position, kind, on_hand_delta, reserved_delta,
    in_flight_delta, on_hand, reserved, in_flight, reservation_id, reference, at)
SELECT shop_id, id, ledger_position, 'count', 0, reserved, 0, on_hand, reserved, 0, NULL, '', clock_timestamp()
FROM reservations_stockitem WHERE shop_id = %(shop)s AND sku = %(sku)s
"""


@pytest.fixture
def shop() -> Iterator[Shop]:
    """A shop in whose table all live holds are of one SKU, with the statistics of its first hundred rows."""
    shop = make_shop(hold_seconds=86_400, hold_ceiling_seconds=86_400)
    stock_of(shop, LIVE, HOT)
    stock_of(shop, 0, SOLD_OUT)
    stock_of(shop, 1_000, FREE)
    ShopifyOrder.objects.create(shop=shop, order_id="1000", confirmation="RQ5TXZ0B1", heard_at=database_now())
    values = {"shop": shop.pk, "sku": HOT}
    # Not the product's connection: so many rows take longer than it waits for anything.
    with psycopg.connect(address(), autocommit=True, cursor_factory=psycopg.ClientCursor) as unlimited:
        unlimited.execute("ALTER TABLE reservations_reservation SET (autovacuum_enabled = off)")
        unlimited.execute(_HOLDS, values | {"status": "released", "rows": 100})
        # Of the carts too, so that PostgreSQL plans its own checks of the keys anew for what follows.
        unlimited.execute("ANALYZE reservations_reservation, reservations_cart")
        for status, rows in (("released", ENDED), ("active", LIVE)):
            unlimited.execute(_HOLDS, values | {"status": status, "rows": rows})
        with unlimited.transaction():
            unlimited.execute(_SOLD_OUT, values | {"rows": LIVE})
            unlimited.execute(_LEDGER, values)
    yield shop
    execute("ALTER TABLE reservations_reservation RESET (autovacuum_enabled)")


def actions(shop: Shop) -> dict[str, Callable[[], object]]:
    """Everything that a buyer's request does to the stock, and what runs beside it."""
    live = Reservation.objects.filter(shop=shop, status="active").order_by("expires_at")[LIVE // 2]
    cart, one = live.cart_token, engine.ByIds((live.pk,))
    assert cart is not None
    sold = engine.Order("1001", [engine.OrderLine(HOT, 1, 1)], carts=[cart])
    return {
        "reserve what is free": lambda: engine.reserve(shop.pk, [engine.Line(FREE, 1)], cart_token=uuid4()),
        "reserve as a shopper": lambda: engine.reserve(
            shop.pk, [engine.Line(FREE, 1)], cart_token=uuid4(), shopper=engine.Shopper("1001", "203.0.113.7")
        ),
        "reserve what others hold": lambda: refused(shop, HOT),
        "reserve what nobody holds": lambda: refused(shop, SOLD_OUT),
        "reserve what the cart has": lambda: engine.reserve(shop.pk, [engine.Line(HOT, 1)], cart_token=cart),
        "reserve a cart": lambda: refused(shop, FREE, HOT),
        "confirm": lambda: engine.confirm(shop.pk, one, order_id="1001"),
        "confirm a cart": lambda: engine.confirm(shop.pk, engine.ByCart(cart), order_id="1001"),
        "release": lambda: engine.release(shop.pk, one),
        "extend": lambda: engine.extend(shop.pk, one),
        "read the stock": lambda: [engine.stock(shop.pk, sku) for sku in (HOT, SOLD_OUT, FREE)],
        "validate a cart": lambda: engine.cart_lines(shop.pk, cart, [engine.Line(HOT, 1), engine.Line(FREE, 1)]),
        "follow a cart": lambda: engine.hold_carts(shop.pk, [engine.Cart(cart, [engine.Line(FREE, 2)])]),
        "settle an order": lambda: settle_one(shop.pk, sold),
        "expire": lambda: engine.expire(shop.pk),
        "a customer's page about an order": lambda: order_units(shop.pk, "1000", "RQ5TXZ0B1"),
    }


def refused(shop: Shop, *skus: str) -> None:
    """A stranger asks twice: the second time without the lock."""
    for _ in range(2):
        with pytest.raises(engine.OutOfStock):
            engine.reserve(shop.pk, [engine.Line(sku, 1) for sku in skus], cart_token=UUID(int=7))


def too_much(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What reads more reservations than it should, by either kind of plan."""
    found = []
    for name, act in actions(shop).items():
        hints._answered.clear()
        with recorded(monkeypatch) as sent:
            act()
        assert sent, name
        for plan in ("force_custom_plan", "force_generic_plan"):
            planned = [one for one in sent if not (one.is_djangos and plan == "force_generic_plan")]
            for text, rows in rows_read(planned, plan).items():
                if rows > MOST_ROWS:
                    found.append(f"{name}, {plan}: {rows} rows by {text}")
    return found


def test_no_statement_of_a_buyers_request_reads_a_sales_holds(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = too_much(shop, monkeypatch)
    execute("ANALYZE reservations_reservation")
    fresh = too_much(shop, monkeypatch)
    execute("DELETE FROM pg_statistic WHERE starelid = 'reservations_reservation'::regclass")
    execute("UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE relname ~ '^reservation(s_reservation$|_)'")
    none = too_much(shop, monkeypatch)
    assert {"stale": stale, "fresh": fresh, "none": none} == {"stale": [], "fresh": [], "none": []}


def test_the_guard_reads_no_more_holds_than_it_tells_of(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    SkuLink.objects.create(shop=shop, variant_id=101, sku=HOT, synced_at=database_now())
    with recorded(monkeypatch) as sent:
        assert any(len(page) > 9_000 for page in hold_pages(shop.pk))
        assert len(scarce_variants(shop.pk, [101])[101].holds) == MOST_TOLD + 1
    read = []
    for _ in range(2):
        read.append(list(rows_read(sent, "force_custom_plan").values()))
        execute("ANALYZE reservations_reservation")
    # Besides: whether there are more than a variant tells; the first end, and those of carts without a name.
    assert max(rows for plan in read for rows in plan) <= MOST_READ + MOST_TOLD + 1
    assert MOST_READ < LIVE


def execute(statement: str) -> None:
    """Run a statement of the database's owner."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
