"""POST /stock/release and POST /stock/extend."""

from datetime import datetime
from uuid import uuid4

import pytest

from reservations import engine
from tests.api.client import Merchant, body_of, outcome
from tests.factories import by_id, hold, hold_of_order, make_shop, numbers, outlive, stock_of

pytestmark = pytest.mark.django_db


def test_a_released_unit_is_free_at_once() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    body = body_of(merchant.post("/stock/release", {"reservation_id": merchant.reserve()["reservation_id"]}))
    assert (body["status"], body["reservations"][0]["status"]) == ("released", "released")
    assert numbers(merchant.shop) == (1, 0, 0)


def test_a_repeated_release_gives_the_unit_back_once() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 2)
    merchant.reserve()
    target = {"reservation_id": merchant.reserve()["reservation_id"]}
    first, second = (merchant.post("/stock/release", target) for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert numbers(merchant.shop) == (2, 1, 0)


def test_an_extended_hold_lives_a_full_term_from_now() -> None:
    merchant = Merchant(make_shop(hold_seconds=600, hold_ceiling_seconds=3_600))
    stock_of(merchant.shop, 1)
    held = merchant.reserve()
    body = body_of(merchant.post("/stock/extend", {"reservation_id": held["reservation_id"]}))
    [extended] = body["reservations"]
    assert (body["status"], extended["status"]) == ("extended", "active")
    assert datetime.fromisoformat(extended["expires_at"]) > datetime.fromisoformat(held["expires_at"])


def test_an_extension_stops_at_the_shops_ceiling() -> None:
    merchant = Merchant(make_shop(hold_seconds=600, hold_ceiling_seconds=600))
    stock_of(merchant.shop, 1)
    held = merchant.reserve()
    [extended] = body_of(merchant.post("/stock/extend", {"reservation_id": held["reservation_id"]}))["reservations"]
    assert extended["expires_at"] == held["expires_at"]


@pytest.mark.parametrize("verb", ["release", "extend"])
def test_a_dead_hold_can_be_neither_released_nor_extended(verb: str) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    held = hold(merchant.shop)
    outlive(held)
    for _ in range(2):
        response = merchant.post(f"/stock/{verb}", {"reservation_id": str(held.reservation_id)})
        assert outcome(response) == (410, "reservation_expired")


@pytest.mark.parametrize("verb", ["release", "extend"])
def test_a_sale_can_be_neither_released_nor_extended(verb: str) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    held = hold(merchant.shop)
    engine.confirm(merchant.shop.pk, by_id(held))
    response = merchant.post(f"/stock/{verb}", {"reservation_id": str(held.reservation_id)})
    assert outcome(response) == (409, "reservation_confirmed")


@pytest.mark.parametrize("verb", ["release", "extend"])
def test_what_an_unpaid_order_holds_can_be_neither_released_nor_extended(verb: str) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    held = hold_of_order(merchant.shop)
    response = merchant.post(f"/stock/{verb}", {"reservation_id": str(held.reservation_id)})
    assert outcome(response) == (409, "reservation_of_order")
    assert numbers(merchant.shop) == (1, 1, 0)


def test_a_released_hold_cannot_be_extended() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    target = {"reservation_id": merchant.reserve()["reservation_id"]}
    merchant.post("/stock/release", target)
    assert outcome(merchant.post("/stock/extend", target)) == (409, "reservation_released")


@pytest.mark.parametrize("verb", ["release", "extend"])
def test_an_unknown_reservation_is_not_found(verb: str) -> None:
    response = Merchant().post(f"/stock/{verb}", {"reservation_id": str(uuid4())})
    assert outcome(response) == (404, "unknown_reservation")


@pytest.mark.parametrize("verb", ["release", "extend"])
def test_an_order_is_no_part_of_a_release_or_an_extension(verb: str) -> None:
    response = Merchant().post(f"/stock/{verb}", {"reservation_id": str(uuid4()), "order_id": "1"})
    assert body_of(response)["errors"] == [{"field": "order_id", "code": "unknown_member"}]
