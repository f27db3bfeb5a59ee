"""POST /stock/{sku}/reserve."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from tests.api.client import Merchant, body_of, outcome
from tests.factories import database_now, hold, make_shop, numbers, outlive, put_in_doubt, stock_of

pytestmark = pytest.mark.django_db


def test_ana_gets_the_last_unit_and_beto_is_told_at_once() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    ana = merchant.post("/stock/SKU-1/reserve", {"quantity": 1})
    beto = merchant.post("/stock/SKU-1/reserve", {"quantity": 1})
    assert outcome(ana) == (200, None)
    assert outcome(beto) == (409, "out_of_stock")
    assert body_of(merchant.get("/stock/SKU-1"))["quantity"] == 0


def test_units_in_doubt_are_withheld_and_the_refusal_says_until_when() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 0)
    until = put_in_doubt(merchant.shop, 3)
    # The second one is answered without the lock.
    for _ in range(2):
        refused = merchant.post("/stock/SKU-1/reserve", {"quantity": 1})
        assert outcome(refused) == (409, "out_of_stock")
        body = body_of(refused)
        assert (body["available"], body["in_doubt"], body["retry_at"]) == (0, 3, until.isoformat())
        assert body["detail"] == "Unidades do SKU 'SKU-1' em confirmação. Tente novamente em instantes."


def test_a_reservation_says_what_is_held_and_until_when() -> None:
    merchant = Merchant(make_shop(hold_seconds=600))
    stock_of(merchant.shop, 5)
    cart = uuid4()
    body = merchant.reserve(quantity=2, cart_token=str(cart))
    assert (body["sku"], body["quantity"], body["status"]) == ("SKU-1", 2, "active")
    assert body["cart_token"] == str(cart)
    assert (body["order_id"], body["ended_at"]) == (None, None)
    left = datetime.fromisoformat(body["expires_at"]) - database_now()
    assert timedelta(seconds=595) < left <= timedelta(seconds=600)


def test_times_are_iso_8601_with_their_offset() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    body = merchant.reserve()
    for name in ("created_at", "expires_at"):
        assert datetime.fromisoformat(body[name]).utcoffset() == timedelta(0), body[name]
        assert body[name].endswith("+00:00")


@pytest.mark.parametrize("sent", [b"", b"{}", b" {\n} "])
def test_nothing_said_is_one_unit(sent: bytes) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    assert body_of(merchant.post("/stock/SKU-1/reserve", sent))["quantity"] == 1


def test_out_of_stock_says_what_is_free_and_when_more_may_come() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 3)
    first = merchant.reserve(quantity=2)
    response = merchant.post("/stock/SKU-1/reserve", {"quantity": 2})
    assert outcome(response) == (409, "out_of_stock")
    body = body_of(response)
    assert (body["sku"], body["requested"], body["available"]) == ("SKU-1", 2, 1)
    assert body["retry_at"] == first["expires_at"]
    assert "Retry-After" not in response


def test_retry_at_is_null_when_nothing_is_held_that_could_come_back() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    response = merchant.post("/stock/SKU-1/reserve", {"quantity": 2})
    assert body_of(response)["retry_at"] is None


def test_the_same_cart_sets_its_quantity_and_keeps_its_expiry() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 3)
    cart = str(uuid4())
    first = merchant.reserve(quantity=1, cart_token=cart)
    again = merchant.reserve(quantity=3, cart_token=cart)
    assert again["reservation_id"] == first["reservation_id"]
    assert (again["quantity"], again["expires_at"]) == (3, first["expires_at"])
    assert numbers(merchant.shop) == (3, 3, 0)


def test_a_cart_token_in_capitals_is_the_same_cart() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 3)
    cart = str(uuid4())
    first = merchant.reserve(cart_token=cart)
    assert merchant.reserve(cart_token=cart.upper())["reservation_id"] == first["reservation_id"]


def test_a_dead_holds_units_go_to_the_next_buyer() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    outlive(hold(merchant.shop))
    assert merchant.reserve()["status"] == "active"


def test_the_shops_limit_for_a_cart_is_named() -> None:
    merchant = Merchant(make_shop(max_units_per_line=2))
    stock_of(merchant.shop, 10)
    response = merchant.post("/stock/SKU-1/reserve", {"quantity": 3})
    assert outcome(response) == (409, "cart_limit_exceeded")
    assert body_of(response)["max"] == 2


def test_an_unknown_sku_cannot_be_reserved() -> None:
    assert outcome(Merchant().post("/stock/NOPE/reserve")) == (404, "unknown_sku")


def test_members_of_the_model_that_are_no_members_of_the_request_change_nothing() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    for name in ("id", "shop", "shop_id", "status", "expires_at", "stock_item", "returned", "order_id", "on_hand"):
        response = merchant.post("/stock/SKU-1/reserve", {"quantity": 1, name: 1})
        assert outcome(response) == (400, "invalid_input")
        assert body_of(response)["errors"] == [{"field": name, "code": "unknown_member"}]
    assert numbers(merchant.shop) == (1, 0, 0)
