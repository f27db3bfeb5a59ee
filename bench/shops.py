"""The stock that the buyers of a measurement find, and the proof afterwards that it still adds up."""

from dataclasses import dataclass

from django.db import connection, transaction

from bench.cases import HOT, SOLD_OUT, SPREAD, Case
from reservations import engine
from reservations.models import ApiKey, Reservation, Shop

UNITS = 1_000_000_000
SOLD_OUT_HOLDS = 100
HOLD_SECONDS = 3_600

# The engine counts one SKU at a time; ten thousand of them are put in at once, each with its first ledger row.
_MANY = """
WITH items AS (
    INSERT INTO reservations_stockitem (shop_id, sku, on_hand, reserved, in_flight, ledger_position, created_at)
    SELECT %(shop)s, 'SKU-' || lpad(n::text, 5, '0'), %(units)s, 0, 0, 1, clock_timestamp()
    FROM generate_series(0, %(count)s - 1) AS n
    RETURNING id
)
SELECT count(*) FROM items
"""
_MANY_MOVEMENTS = """
INSERT INTO reservations_stockmovement
    (shop_id, stock_item_id, position, kind, on_hand_delta, reserved_delta, in_flight_delta,
     on_hand, reserved, in_flight, reference, at)
SELECT shop_id, id, 1, 'count', on_hand, 0, 0, on_hand, 0, 0, 'bench', clock_timestamp()
FROM reservations_stockitem WHERE shop_id = %(shop)s AND sku LIKE 'SKU-%%'
"""
_TEXTBOOK = """
INSERT INTO textbook_stock (sku, on_hand, reserved)
SELECT 'SKU-' || lpad(n::text, 5, '0'), %(units)s, 0 FROM generate_series(0, %(count)s - 1) AS n
UNION ALL VALUES (%(hot)s, %(units)s, 0), (%(sold_out)s, 100, 100)
"""


@dataclass(frozen=True)
class Tenant:
    """The shop of one case on one server, so that its proof reads its own rows only."""

    shop: Shop
    key: str


def open_shop(name: str, case: Case) -> Tenant:
    """A shop with the stock that `case` asks for."""
    shop = Shop.objects.create(
        domain=f"bench-{name}.myshopify.com", hold_seconds=HOLD_SECONDS, hold_ceiling_seconds=HOLD_SECONDS
    )
    _, key = ApiKey.issue(shop, "bench")
    if case.name in ("spread", "lines"):
        put_in_many(shop, UNITS)
    if case.name == "sold-out":
        engine.apply_count(shop.pk, SOLD_OUT, SOLD_OUT_HOLDS)
        for _ in range(SOLD_OUT_HOLDS):
            engine.reserve(shop.pk, [engine.Line(SOLD_OUT, 1)])
    elif case.name != "spread":
        engine.apply_count(shop.pk, HOT, UNITS)
    return Tenant(shop, key)


def stock_the_textbook() -> None:
    """The same stock for the textbook's tables."""
    numbers: dict[str, int | str] = {"units": UNITS, "count": SPREAD, "hot": HOT, "sold_out": SOLD_OUT}
    with connection.cursor() as cursor:
        cursor.execute(_TEXTBOOK, numbers)


def analyse() -> None:
    """Let PostgreSQL know the tables' sizes now, and not in the middle of a sample."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def findings(tenant: Tenant) -> list[str]:
    """What the engine's audit finds wrong in a shop: nothing."""
    return [str(finding) for finding in engine.audit(tenant.shop.pk)]


def reservations_of(tenant: Tenant) -> int:
    """How many reservations a shop has, in whatever state."""
    return Reservation.objects.filter(shop=tenant.shop).count()


def put_in_many(shop: Shop, units: int) -> None:
    """SPREAD SKUs with so many units each, each with its first ledger row."""
    numbers = {"shop": shop.pk, "units": units, "count": SPREAD}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MANY, numbers)
        cursor.execute(_MANY_MOVEMENTS, numbers)
