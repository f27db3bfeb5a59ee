"""Every list of the Bling page reads along an index, on a big merchant's tables."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bling_sync import outbox_backlog
from bling_sync.catalogue import run_report
from bling_sync.merchant import difference_pages, undecided_pushes, verdict_words
from bling_sync.models import Connection, ImportRun, Push
from bling_sync.outbox import claim, outcome
from reservations.models import Shop
from tests.factories import make_shop, stock_of

pytestmark = pytest.mark.django_db(transaction=True)

BIG = ("bling_sync_push", "bling_sync_difference", "bling_sync_importline")
_PUSHES = """
INSERT INTO bling_sync_push (shop_id, key, kind, mode, state, stock_item_id, reservation_id, order_id, reference,
    quantity, cancelled, created_at, attempts, next_attempt_at, effect_at, ended_at, evidence, error, by_reservation)
SELECT %s, gen_random_uuid(), 'sale', 'movement', 'settled', %s, gen_random_uuid(), '', '', 1, 0, now(), 1, now(),
    now(), now(), 'answer', '', false
FROM generate_series(1, 5000)
"""
_DIFFERENCES = """
INSERT INTO bling_sync_difference (shop_id, stock_item_id, cause, expected, bling, short, seen_at)
SELECT %s, %s, 'edited', 1, 2, 0, now() - n * interval '10 minutes' FROM generate_series(1, 5000) AS n
"""
_LINES = """
INSERT INTO bling_sync_importline (shop_id, run_id, bling_id, sku, name, price, format, verdict, resembles,
    lots_checked, before, after)
SELECT %s, %s, n, 'SKU-' || n, '', 0, 'S', 'exact', '', true, n, n FROM generate_series(1, 4000) AS n
"""


@pytest.fixture
def shop() -> Shop:
    """Months of settled pushes and differences, and three imports of 4,000 products; and another shop with as much."""
    for _ in range(2):
        shop = make_shop()
        Connection.objects.create(shop=shop)
        stock_of(shop, 1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM reservations_stockitem WHERE shop_id = %s", [shop.pk])
            item = cursor.fetchone()[0]
            cursor.execute(_PUSHES, [shop.pk, item])
            cursor.execute(_DIFFERENCES, [shop.pk, item])
            for _ in range(3):
                run = ImportRun.objects.create(shop=shop, state="applied", started_at="2026-01-01T00:00:00Z")
                cursor.execute(_LINES, [shop.pk, run.pk])
            cursor.execute("ANALYZE bling_sync_push, bling_sync_difference, bling_sync_importline")
    return shop


def walked_through(read: Callable[[], object]) -> list[str]:
    """The big tables that the read's plan would scan from end to end, whatever the shop."""
    with CaptureQueriesContext(connection) as asked:
        read()
    assert asked.captured_queries
    found = []
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            if query["sql"].startswith(("BEGIN", "COMMIT")):
                continue
            cursor.execute("EXPLAIN (FORMAT JSON) " + query["sql"].replace("%", "%%"), ())
            found += [name for name in _scanned(cursor.fetchone()[0][0]["Plan"]) if name in BIG]
    return found


def _scanned(plan: dict[str, Any]) -> list[str]:
    here = [plan["Relation Name"]] if plan["Node Type"] in ("Seq Scan", "Parallel Seq Scan") else []
    return here + [name for below in plan.get("Plans", []) for name in _scanned(below)]


def test_no_list_of_blings_walks_a_whole_table_of_a_big_merchant(shop: Shop) -> None:
    run = ImportRun.objects.filter(shop=shop).latest("pk")
    reads: dict[str, Callable[[], object]] = {
        "lost answers": lambda: list(undecided_pushes.unknown(shop)[:50]),
        "refusals": lambda: list(undecided_pushes.failed(shop)[:50]),
        "orders never seen": lambda: list(undecided_pushes.never_seen(shop)[:50]),
        "what waits": lambda: outbox_backlog.waiting(shop.pk),
        "differences": lambda: difference_pages.newest(shop, 50),
        "differences to look at": lambda: difference_pages.to_look_at(shop).count(),
        "the doctor": lambda: run_report.counts(run),
        "the diff": lambda: verdict_words.diff(run),
        **{
            f"lines: {show}": partial(verdict_words.listed, run, show, 0)
            for show in (verdict_words.CHANGES, "exact", "missing")
        },
    }
    assert {name: found for name, read in reads.items() if (found := walked_through(read))} == {}


def test_a_worker_claims_and_writes_outcomes_along_indexes_too(shop: Shop) -> None:
    push = Push.objects.filter(shop=shop).latest("pk")
    writes: dict[str, Callable[[], object]] = {
        "claim": lambda: claim.claim_push(shop.pk),
        "sent": lambda: outcome.sent(push),
        "not applied": lambda: outcome.not_applied(push, "refused"),
        "given up for dead": lambda: outcome.bury_the_dead(shop.pk),
    }
    assert {name: found for name, write in writes.items() if (found := walked_through(write))} == {}
