"""Every list of the pages reads along an index, on a big merchant's tables."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reservations.merchant.holds.reservation_list import Outcome, Place, listed, live_holds_of
from reservations.merchant.holds.unmet_demand import unmet_demand
from reservations.merchant.ledger import of_item
from reservations.merchant.stock.sku_list import Show, skus
from reservations.models import Shop
from tests.factories import database_now, item, make_shop
from tests.merchant.many import fill

pytestmark = pytest.mark.django_db(transaction=True)

BIG = (
    *("reservations_stockitem", "reservations_reservation", "reservations_stockmovement", "reservations_shopifycart"),
    "reservations_refusal",
)


@pytest.fixture
def shop() -> Shop:
    """10,000 SKUs, 1,000 live holds, 100,000 ended reservations, 50,000 carts; and another shop of twice the SKUs."""
    other, shop = make_shop(), make_shop()
    fill(other, skus=20_000, live=100, refusals=5_000, carts=5_000)
    fill(shop, skus=10_000, live=1_000, ended=100_000, refusals=50_000, carts=50_000)
    return shop


def walked_through(read: Callable[[], object]) -> list[str]:
    """The big tables that a plan of one of the reads would scan from end to end, whatever the shop."""
    with CaptureQueriesContext(connection) as asked:
        read()
    found = []
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            if query["sql"].startswith("SELECT"):
                cursor.execute("EXPLAIN (FORMAT JSON) " + query["sql"].replace("%", "%%"), ())
                found += [name for name in _scanned(cursor.fetchone()[0][0]["Plan"]) if name in BIG]
    return found


def _scanned(plan: dict[str, Any]) -> list[str]:
    here = [plan["Relation Name"]] if plan["Node Type"] in ("Seq Scan", "Parallel Seq Scan") else []
    return here + [name for below in plan.get("Plans", []) for name in _scanned(below)]


@pytest.mark.timeout(240)
def test_no_list_walks_a_whole_table_of_a_big_merchant(shop: Shop) -> None:
    sku = item(shop, "SKU-00001")
    middle = Place(database_now(), listed(shop, Outcome.ACTIVE)[0][9].pk)
    reads: dict[str, Callable[[], object]] = {
        "all SKUs": lambda: skus(shop, Show.ALL),
        "SKUs from the middle": lambda: skus(shop, Show.ALL, after="SKU-05000"),
        "a search": lambda: skus(shop, Show.ALL, "0999"),
        **{f"SKUs: {show}": partial(skus, shop, show) for show in Show if show},
        **{f"{outcome}": partial(listed, shop, outcome) for outcome in Outcome if outcome != "refused"},
        "a later page": lambda: listed(shop, Outcome.CONFIRMED, middle),
        "refusals": lambda: unmet_demand(shop),
        "holds of a SKU": lambda: live_holds_of(sku),
        "a SKU's ledger": lambda: of_item(sku),
    }
    assert {name: found for name, read in reads.items() if (found := walked_through(read))} == {}
