"""POST /stock/confirm."""

from uuid import uuid4

import pytest

from tests.api.client import Merchant, body_of, outcome
from tests.factories import hold, numbers, outlive, stock_of

pytestmark = pytest.mark.django_db


def test_a_confirmed_hold_is_a_sale_with_its_order() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    held = merchant.reserve(quantity=2)
    response = merchant.post("/stock/confirm", {"reservation_id": held["reservation_id"], "order_id": "BZC-1"})
    body = body_of(response)
    assert (response.status_code, body["status"]) == (200, "confirmed")
    [sold] = body["reservations"]
    assert (sold["reservation_id"], sold["status"]) == (held["reservation_id"], "confirmed")
    assert (sold["order_id"], sold["ended_at"] is not None) == ("BZC-1", True)
    assert numbers(merchant.shop) == (5, 0, 2)


def test_a_repeated_confirm_gets_the_same_answer_and_sells_once() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    target = {"reservation_id": merchant.reserve()["reservation_id"]}
    first, second = (merchant.post("/stock/confirm", target) for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert numbers(merchant.shop) == (5, 0, 1)


def test_a_dead_hold_is_gone_for_ever() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    held = hold(merchant.shop)
    outlive(held)
    for _ in range(3):
        response = merchant.post("/stock/confirm", {"reservation_id": str(held.reservation_id)})
        assert outcome(response) == (410, "reservation_expired")
        assert body_of(response)["reservations"] == [{"reservation_id": str(held.reservation_id), "status": "expired"}]


def test_a_released_hold_cannot_be_sold() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    target = {"reservation_id": merchant.reserve()["reservation_id"]}
    merchant.post("/stock/release", target)
    assert outcome(merchant.post("/stock/confirm", target)) == (409, "reservation_released")


def test_an_unknown_reservation_is_named() -> None:
    unknown = str(uuid4())
    response = Merchant().post("/stock/confirm", {"reservation_id": unknown})
    assert outcome(response) == (404, "unknown_reservation")
    assert body_of(response)["reservations"] == [{"reservation_id": unknown, "status": "unknown"}]


def test_several_reservations_are_sold_together_or_not_at_all() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    alive, dead = hold(merchant.shop), hold(merchant.shop)
    outlive(dead)
    ids = [str(known.reservation_id) for known in (alive, dead)]
    response = merchant.post("/stock/confirm", {"reservation_ids": ids})
    assert outcome(response) == (410, "reservation_expired")
    assert [known["reservation_id"] for known in body_of(response)["reservations"]] == [str(dead.reservation_id)]
    assert body_of(merchant.get(f"/reservations/{ids[0]}"))["status"] == "active"


def test_the_answer_names_each_that_stands_in_the_way() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    alive, dead, released = (hold(merchant.shop) for _ in range(3))
    merchant.post("/stock/release", {"reservation_id": str(released.reservation_id)})
    outlive(dead)
    unknown = str(uuid4())
    ids = [str(known.reservation_id) for known in (alive, released, dead)]
    response = merchant.post("/stock/confirm", {"reservation_ids": [*ids, unknown]})
    assert outcome(response) == (404, "unknown_reservation")
    assert body_of(response)["reservations"] == [
        {"reservation_id": unknown, "status": "unknown"},
        {"reservation_id": str(dead.reservation_id), "status": "expired"},
        {"reservation_id": str(released.reservation_id), "status": "released"},
    ]


def test_an_id_named_twice_is_meant_once() -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 5)
    known = merchant.reserve()["reservation_id"]
    body = body_of(merchant.post("/stock/confirm", {"reservation_ids": [known, known.upper(), known]}))
    assert len(body["reservations"]) == 1


def test_a_cart_is_confirmed_whole() -> None:
    merchant = Merchant()
    cart = str(uuid4())
    for sku in ("A", "B"):
        stock_of(merchant.shop, 1, sku=sku)
        merchant.reserve(sku, cart_token=cart)
    body = body_of(merchant.post("/stock/confirm", {"cart_token": cart}))
    assert sorted(sold["sku"] for sold in body["reservations"]) == ["A", "B"]


def test_a_cart_that_never_held_anything_is_unknown() -> None:
    response = Merchant().post("/stock/confirm", {"cart_token": str(uuid4())})
    assert outcome(response) == (404, "unknown_reservation")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"order_id": "1"},
        {"reservation_id": str(uuid4()), "cart_token": str(uuid4())},
        {"reservation_id": str(uuid4()), "reservation_ids": [str(uuid4())]},
    ],
)
@pytest.mark.parametrize("verb", ["confirm", "release", "extend"])
def test_a_request_means_exactly_one_target(verb: str, body: dict[str, object]) -> None:
    sent = {name: value for name, value in body.items() if verb == "confirm" or name != "order_id"}
    response = Merchant().post(f"/stock/{verb}", sent)
    assert outcome(response) == (400, "invalid_input")
    assert body_of(response)["errors"] == [{"field": "", "code": "exactly_one_target"}]


@pytest.mark.parametrize("order_id", ["", "x" * 256, "a\nb", 5, None, ["1"]])
def test_an_order_id_is_a_text_that_can_be_kept(order_id: object) -> None:
    merchant = Merchant()
    stock_of(merchant.shop, 1)
    held = hold(merchant.shop)
    response = merchant.post("/stock/confirm", {"reservation_id": str(held.reservation_id), "order_id": order_id})
    assert outcome(response) == (400, "invalid_input")
    assert body_of(response)["errors"][0]["field"] == "order_id"


def test_two_hundred_ids_pass_and_one_more_does_not() -> None:
    merchant = Merchant()
    ids = [str(uuid4()) for _ in range(201)]
    assert outcome(merchant.post("/stock/confirm", {"reservation_ids": ids[:200]}))[0] == 404
    assert outcome(merchant.post("/stock/confirm", {"reservation_ids": ids})) == (400, "invalid_input")
