"""The thread that writes refusals: soon, at the end, never twice, and never more than its memory may hold."""

import os
import signal

import pytest
from django.db import connection

from reservations import turned_away
from reservations.models import Refusal, Shop
from reservations.turned_away import tally
from reservations.turned_away.clerk import Clerk
from tests.api.client import Merchant
from tests.api.server import WebServer, web_server
from tests.factories import item, make_shop, stock_of
from tests.support.database import reached_at
from tests.support.patience import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

SAID = turned_away.Said(available=0)


@pytest.fixture
def clerk() -> Clerk:
    """The test's own clerk; what it does not write is gone with it."""
    return Clerk()


def key(shop: Shop, sku: str = "SKU-1") -> tally.Key:
    return shop.pk, sku, "out_of_stock"


def counted(shop: Shop) -> int:
    """All refusals that are written of the shop."""
    return sum(Refusal.objects.filter(shop=shop).values_list("refusals", flat=True))


def turn_away(server: WebServer, merchant: Merchant, times: int) -> None:
    for _ in range(times):
        assert server.post("/stock/SKU-1/reserve", {}, **merchant.headers()).status_code == 409


def test_a_web_process_writes_by_itself_and_a_last_time_when_it_is_asked_to_stop(django_db_setup: None) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 0)
    with web_server() as server:
        turn_away(server, merchant, 3)
        wait_until(lambda: counted(merchant.shop) == 3)
        turn_away(server, merchant, 4)
        server.session.close()
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(PATIENCE_SECONDS)
    assert counted(merchant.shop) == 7


def test_counts_wait_for_a_database_that_is_away_and_are_written_once(clerk: Clerk) -> None:
    shop = make_shop()
    stock_of(shop, 0)
    clerk.note(key(shop), 2, SAID)
    with reached_at("/nonexistent"):
        clerk.flush()
        clerk.note(key(shop), 1, SAID)
        clerk.end()
    clerk.flush()
    clerk.flush()
    assert (counted(shop), Refusal.objects.latest("pk").units) == (2, 3)


def test_a_count_of_what_is_no_stock_any_more_keeps_no_other_waiting(clerk: Clerk) -> None:
    shop = make_shop()
    stock_of(shop, 0)
    clerk.note(key(shop, "GONE"), 1, SAID)
    clerk.note(key(shop), 1, SAID)
    clerk.flush()
    assert list(Refusal.objects.values_list("stock_item", flat=True)) == [item(shop).pk]


def test_who_walks_a_whole_catalogue_fills_no_memory_and_that_is_said(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tally, "MOST_KEYS", 3)
    shop = make_shop()
    for number in range(5):
        clerk.note(key(shop, stock_of(shop, 0, f"SKU-{number}")), 1, SAID)
    clerk.note(key(shop, "SKU-0"), 1, SAID)
    clerk.flush()
    assert sorted(Refusal.objects.values_list("stock_item__sku", "refusals")) == [
        ("SKU-0", 2),
        ("SKU-1", 1),
        ("SKU-2", 1),
    ]
    assert "2 refusals of more SKUs than are kept in mind at once were not counted" in caplog.text


def test_what_a_process_counted_is_not_written_by_its_children_too() -> None:
    shop = make_shop()
    turned_away.clerk.begin()
    turned_away.clerk.note(key(shop, stock_of(shop, 0)), 1, SAID)
    connection.close()
    child = os.fork()
    if child == 0:  # nothing of pytest may run here
        try:
            turned_away.clerk.flush()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert counted(shop) == 0
    turned_away.clerk.flush()
    assert counted(shop) == 1
