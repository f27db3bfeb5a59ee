"""Refusals of buyers: the process that answers counts each, and writes it to its SKU's minute."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reservations import turned_away
from reservations.models import Refusal, Shop
from tests.api.client import Merchant, body_of, outcome
from tests.factories import database_now, hold, make_shop, numbers, stock_of
from tests.shopify.proxy.shopper import Shopper
from tests.support.rendezvous import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> Iterator[None]:
    """Each test begins, and leaves, with an empty tally."""
    turned_away.clerk.begin()
    yield
    turned_away.clerk.begin()


def refused(merchant: Merchant | Shopper, quantity: int = 1, sku: str = "SKU-1") -> dict[str, object]:
    """A reserve that must be refused for the stock or the cart's limit, and its answer."""
    body = {"quantity": quantity, "cart_token": str(uuid4())}
    response = merchant.post(f"/stock/{sku}/reserve", body)
    assert response.status_code == 409, response.content
    return body_of(response)


def written(shop: Shop) -> list[tuple[str, str, int, int]]:
    """SKU, reason, refusals and units of each row, after what was counted is written."""
    turned_away.clerk.flush()
    rows = Refusal.objects.filter(shop=shop).order_by("stock_item__sku", "reason")
    totals: dict[tuple[str, str], tuple[int, int]] = {}
    for sku, reason, count, units in rows.values_list("stock_item__sku", "reason", "refusals", "units"):
        known = totals.get((sku, reason), (0, 0))  # two rows where the minute ended meanwhile
        totals[sku, reason] = known[0] + count, known[1] + units
    return [(*key, *value) for key, value in totals.items()]


def test_buyers_who_are_told_that_nothing_is_free_are_counted_with_what_they_asked_for() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    held = hold(merchant.shop)
    for quantity in (1, 2):
        answer = refused(merchant, quantity)
    assert written(merchant.shop) == [("SKU-1", "out_of_stock", 2, 3)]
    row = Refusal.objects.latest("last_at")
    assert (row.available, row.next_release, row.most_units) == (0, held.expires_at, None)
    assert answer["retry_at"] == held.expires_at.isoformat()
    assert row.minute == row.last_at.replace(second=0, microsecond=0)
    assert timedelta(0) <= database_now() - row.last_at < timedelta(seconds=30)


def test_a_shopper_at_the_storefront_is_counted_as_a_caller_of_the_api_is() -> None:
    shopper = Shopper(make_shop())
    stock_of(shopper.shop, 0)
    body = {"quantity": 1, "cart_token": str(uuid4())}
    assert outcome(shopper.post("/stock/SKU-1/reserve", body)) == (409, "out_of_stock")
    assert written(shopper.shop) == [("SKU-1", "out_of_stock", 1, 1)]


def test_every_short_line_of_a_cart_is_counted_and_no_line_that_could_be_had() -> None:
    merchant = Merchant()
    for sku, units in (("A", 5), ("B", 1), ("C", 0)):
        stock_of(merchant.shop, units, sku=sku)
    lines = [{"sku": sku, "quantity": 2} for sku in "ABC"] + [{"sku": "C", "quantity": 1}]
    response = merchant.post("/stock/reserve", {"cart_token": str(uuid4()), "lines": lines})
    assert outcome(response) == (409, "out_of_stock")
    assert written(merchant.shop) == [("B", "out_of_stock", 1, 2), ("C", "out_of_stock", 1, 3)]


def test_who_wants_more_than_a_cart_may_hold_is_counted_apart_with_the_limit_of_then() -> None:
    merchant = Merchant(make_shop(max_units_per_line=2))
    stock_of(merchant.shop, 9)
    refused(merchant, 3)
    lines = [{"sku": "SKU-1", "quantity": 2}, {"sku": "SKU-1", "quantity": 3}]
    merchant.post("/stock/reserve", {"cart_token": str(uuid4()), "lines": lines})
    assert written(merchant.shop) == [("SKU-1", "cart_limit_exceeded", 2, 8)]
    assert set(Refusal.objects.values_list("available", "next_release", "most_units")) == {(None, None, 2)}


def test_what_is_no_refusal_of_stock_is_not_counted() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 2)
    merchant.reserve()
    assert outcome(merchant.post("/stock/NONE/reserve", {})) == (404, "unknown_sku")
    assert outcome(merchant.post("/stock/SKU-1/reserve", {"quantity": 0}))[0] == 400
    assert written(merchant.shop) == []


def test_a_refused_buyer_waits_for_nothing_that_is_written() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 0)
    refused(merchant)
    with CaptureQueriesContext(connection) as asked:
        refused(merchant)
    assert not [query["sql"] for query in asked if "reservations_refusal" in query["sql"]]
    assert not Refusal.objects.exists()


def test_a_later_writing_adds_to_its_minute_and_keeps_what_was_said_last() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    refused(merchant, 2)
    turned_away.clerk.flush()
    minute = Refusal.objects.get().minute
    hold(merchant.shop)
    refused(merchant, 2)
    assert written(merchant.shop) == [("SKU-1", "out_of_stock", 2, 4)]
    last = Refusal.objects.latest("minute")
    assert last.available == 0
    if last.minute == minute:  # the same minute is the same row
        assert Refusal.objects.count() == 1


def test_one_shops_refusals_are_nobody_elses_though_the_sku_is_called_the_same() -> None:
    ana, beto = Merchant(), Merchant()
    for merchant in (ana, beto):
        stock_of(merchant.shop, 0)
    refused(ana)
    assert written(beto.shop) == []
    assert written(ana.shop) == [("SKU-1", "out_of_stock", 1, 1)]


def test_the_stocks_numbers_and_its_ledger_know_nothing_of_refusals() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 0)
    refused(merchant)
    turned_away.clerk.flush()
    assert numbers(merchant.shop) == (0, 0, 0)


def test_no_refusal_is_lost_or_counted_twice_while_several_write_at_once() -> None:
    shop = make_shop()
    for sku in "AB":
        stock_of(shop, 0, sku=sku)
    said = turned_away.Said(available=0)

    def count_and_write() -> None:
        for number in range(50):
            turned_away.clerk.note((shop.pk, "AB"[number % 2], "out_of_stock"), 1, said)
            if number % 10 == 9:
                turned_away.clerk.flush()
        connection.close()

    outcomes = at_once([count_and_write] * 4)
    assert outcomes == [None] * 4
    assert written(shop) == [("A", "out_of_stock", 100, 100), ("B", "out_of_stock", 100, 100)]
