"""A SKU that sells without stock: the API holds nothing, refuses nothing, and says so."""

from uuid import uuid4

import pytest

from tests.api.client import Merchant, body_of, outcome
from tests.factories import link, make_shop, numbers, stock_of

pytestmark = pytest.mark.django_db


def merchant_without_stock() -> Merchant:
    """A shop that sells SKU-1 though there is none, and has one SKU-2."""
    merchant = Merchant(make_shop(max_units_per_line=5))
    stock_of(merchant.shop, 0)
    stock_of(merchant.shop, 1, "SKU-2")
    link(merchant.shop, continues=True)
    return merchant


def not_needed(units: int, cart: str | None) -> dict[str, object]:
    """What stands in a reservation's place."""
    empty = dict.fromkeys(("reservation_id", "expires_at", "created_at", "ended_at", "order_id"))
    return {"sku": "SKU-1", "quantity": units, "status": "not_needed", "cart_token": cart, **empty}


def test_a_buyer_may_have_any_quantity_without_a_hold() -> None:
    merchant = merchant_without_stock()
    response = merchant.post("/stock/SKU-1/reserve", {"quantity": 50})
    assert (response.status_code, body_of(response)) == (200, not_needed(50, None))
    assert numbers(merchant.shop) == (0, 0, 0)


def test_a_cart_holds_what_needs_a_hold_and_reads_of_the_rest_that_it_needs_none() -> None:
    merchant, cart = merchant_without_stock(), str(uuid4())
    lines = [{"sku": sku, "quantity": units} for sku, units in (("SKU-1", 3), ("SKU-2", 1), ("SKU-1", 4))]
    told = body_of(merchant.post("/stock/reserve", {"cart_token": cart, "lines": lines}))["reservations"]
    assert told[0] == not_needed(7, cart)
    assert (told[1]["sku"], told[1]["status"], len(told)) == ("SKU-2", "active", 2)


def test_the_same_key_gets_the_same_answer_also_after_the_sku_sells_from_stock_again() -> None:
    merchant = merchant_without_stock()
    first = merchant.post("/stock/SKU-1/reserve", {}, key="k")
    link(merchant.shop)
    again = merchant.post("/stock/SKU-1/reserve", {}, key="k")
    assert (again.content, again.headers["Idempotency-Replayed"]) == (first.content, "true")
    assert outcome(merchant.post("/stock/SKU-1/reserve", {}, key="another")) == (409, "out_of_stock")


def test_its_stock_is_told_as_it_is_and_that_it_limits_nobody() -> None:
    merchant = merchant_without_stock()
    told = body_of(merchant.get("/stock/SKU-1"))
    assert (told["quantity"], told["sells_without_stock"]) == (0, True)
    assert "sells_without_stock" not in body_of(merchant.get("/stock/SKU-2"))


def test_a_cart_with_it_is_good_whatever_the_stock_and_the_limit() -> None:
    merchant = merchant_without_stock()
    link(merchant.shop, 2, tracked=False, sku="NOT IN STOCK")
    lines = [{"sku": "SKU-1", "quantity": 50}, {"sku": "NOT IN STOCK", "quantity": 1}]
    told = body_of(merchant.post("/cart/validate", {"cart_token": str(uuid4()), "lines": lines}))
    assert told["ok"]
    assert [(line["ok"], line["reason"], line["sells_without_stock"]) for line in told["lines"]] == [
        (True, None, True),
        (True, None, True),
    ]


def test_a_cart_that_holds_nothing_has_nothing_to_confirm() -> None:
    merchant, cart = merchant_without_stock(), str(uuid4())
    merchant.post("/stock/SKU-1/reserve", {"cart_token": cart})
    assert outcome(merchant.post("/stock/confirm", {"cart_token": cart})) == (404, "unknown_reservation")
