"""GET /stock/{sku}."""

import pytest

from reservations import engine
from tests.api.client import Merchant, body_of, outcome
from tests.factories import by_id, hold, outlive, stock_of

pytestmark = pytest.mark.django_db


def test_a_sku_shows_its_free_units_and_the_numbers_behind_them() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 10)
    hold(merchant.shop, quantity=3)
    assert body_of(merchant.get("/stock/SKU-1")) == {
        "sku": "SKU-1",
        "quantity": 7,
        "on_hand": 10,
        "reserved": 3,
        "in_flight": 0,
    }


def test_a_sale_that_the_count_does_not_show_yet_is_in_flight() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 10)
    engine.confirm(merchant.shop.pk, by_id(hold(merchant.shop, quantity=2)))
    body = body_of(merchant.get("/stock/SKU-1"))
    assert (body["quantity"], body["reserved"], body["in_flight"]) == (8, 0, 2)


def test_the_units_of_a_dead_hold_are_free_before_any_job_ran() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    outlive(hold(merchant.shop))
    assert body_of(merchant.get("/stock/SKU-1"))["quantity"] == 1


def test_a_count_below_what_is_held_shows_zero_and_never_less() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    hold(merchant.shop, quantity=5)
    stock_of(merchant.shop, 2)
    body = body_of(merchant.get("/stock/SKU-1"))
    assert (body["quantity"], body["on_hand"], body["reserved"]) == (0, 2, 5)


def test_an_unknown_sku_is_named_in_the_refusal() -> None:
    response = Merchant().get("/stock/NOPE")
    assert outcome(response) == (404, "unknown_sku")
    assert body_of(response)["sku"] == "NOPE"


def test_upper_and_lower_case_are_two_different_skus() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1, sku="Sku-a")
    assert outcome(merchant.get("/stock/Sku-a"))[0] == 200
    assert outcome(merchant.get("/stock/sku-A")) == (404, "unknown_sku")


def test_no_answer_may_be_kept_by_a_cache() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    for path in ("/stock/SKU-1", "/stock/NOPE", "/nowhere", "/healthz"):
        assert merchant.get(path)["Cache-Control"] == "no-store", path
