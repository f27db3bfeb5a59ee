"""What shoppers can do through the app proxy, and what they cannot."""

from uuid import UUID, uuid4

import pytest

from tests.api.client import Merchant, body_of, outcome
from tests.factories import hold, make_shop, numbers, stock_of
from tests.shopify.proxy.shopper import Shopper

pytestmark = pytest.mark.django_db


def _shopper(units: int = 1, **settings: object) -> Shopper:
    shop = make_shop(**settings)
    stock_of(shop, units)
    return Shopper(shop)


def test_ana_holds_the_last_unit_and_beto_is_told_at_once() -> None:
    ana = _shopper()
    beto = Shopper(ana.shop, "203.0.113.8")
    held = ana.reserve(uuid4())
    assert outcome(held) == (200, None)
    assert body_of(held).keys() == Merchant(_shopper().shop).reserve().keys()
    refused = beto.reserve(uuid4())
    assert outcome(refused) == (409, "out_of_stock")
    assert body_of(refused)["retry_at"] == body_of(held)["expires_at"]


def test_a_cart_is_held_extended_validated_and_released_by_who_knows_its_uuid() -> None:
    ana, cart = _shopper(3), str(uuid4())
    lines = [{"sku": "SKU-1", "quantity": 2}]
    held = body_of(ana.post("/stock/reserve", {"cart_token": cart, "lines": lines}))["reservations"][0]
    assert outcome(ana.post("/stock/extend", {"cart_token": cart})) == (200, None)
    assert body_of(ana.post("/cart/validate", {"cart_token": cart, "lines": lines}))["ok"]
    assert body_of(ana.get(f"/reservations/{held['reservation_id']}"))["status"] == "active"
    assert outcome(ana.post("/stock/release", {"reservation_id": held["reservation_id"]})) == (200, None)
    assert numbers(ana.shop) == (3, 0, 0)


def test_no_shopper_can_close_a_purchase() -> None:
    ana, cart = _shopper(), uuid4()
    held = body_of(ana.reserve(cart))
    for target in ({"cart_token": str(cart)}, {"reservation_id": held["reservation_id"]}):
        assert outcome(ana.post("/stock/confirm", target)) == (405, "method_not_allowed")
    assert numbers(ana.shop) == (1, 1, 0)


def test_a_guessed_id_or_cart_touches_nothing() -> None:
    ana = _shopper()
    ana.reserve(uuid4())
    for path in ("/stock/release", "/stock/extend"):
        for target in ({"cart_token": str(uuid4())}, {"reservation_id": str(uuid4())}):
            assert outcome(ana.post(path, target)) == (404, "unknown_reservation")
    assert numbers(ana.shop) == (1, 1, 0)


def test_a_hold_of_another_shop_is_unknown_though_its_id_and_cart_are_known() -> None:
    ana, stranger, cart = _shopper(), _shopper(), uuid4()
    held = hold(ana.shop, cart=cart)
    for target in ({"cart_token": str(cart)}, {"reservation_id": str(held.reservation_id)}):
        assert outcome(stranger.post("/stock/release", target)) == (404, "unknown_reservation")
    assert outcome(stranger.get(f"/reservations/{held.reservation_id}")) == (404, "unknown_reservation")


def test_the_most_units_per_cart_hold_for_shoppers_too() -> None:
    assert outcome(_shopper(9, max_units_per_line=2).reserve(uuid4(), 3)) == (409, "cart_limit_exceeded")


def test_a_retry_with_the_same_key_gets_the_first_answer() -> None:
    ana, sent = _shopper(5), {"quantity": 1, "cart_token": str(uuid4())}
    first, again = (ana.post("/stock/SKU-1/reserve", sent, **{"Idempotency-Key": "k-1"}) for _ in range(2))
    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"


def test_a_servers_key_and_a_shoppers_key_of_the_same_name_never_meet() -> None:
    ana = _shopper(5)
    Merchant(ana.shop).post("/stock/SKU-1/reserve", {"quantity": 2}, key="k-1")
    sent = {"quantity": 1, "cart_token": str(uuid4())}
    answer = ana.post("/stock/SKU-1/reserve", sent, **{"Idempotency-Key": "k-1"})
    assert outcome(answer) == (200, None)
    assert "Idempotency-Replayed" not in answer


def test_two_shoppers_keys_of_the_same_name_never_meet() -> None:
    ana = _shopper(5)
    key = {"Idempotency-Key": "k-1"}
    for units in (1, 2):
        sent = {"quantity": units, "cart_token": str(uuid4())}
        answer = ana.post("/stock/SKU-1/reserve", sent, **key)
        assert (outcome(answer), "Idempotency-Replayed" in answer) == ((200, None), False)
    for _ in range(2):
        held = hold(ana.shop)
        answer = ana.post("/stock/release", {"reservation_id": str(held.reservation_id)}, **key)
        assert (outcome(answer), "Idempotency-Replayed" in answer) == ((200, None), False)


@pytest.mark.parametrize("path", ["/stock/SKU-1/reserve", "/stock/reserve"])
def test_a_shopper_without_a_cart_holds_nothing(path: str) -> None:
    ana = _shopper(5)
    sent = {"quantity": 1} if "SKU-1" in path else {"lines": [{"sku": "SKU-1", "quantity": 1}]}
    answer = ana.post(path, sent)
    assert outcome(answer) == (400, "invalid_input")
    assert body_of(answer)["errors"] == [{"field": "cart_token", "code": "required"}]
    assert numbers(ana.shop) == (5, 0, 0)


def test_a_shopper_is_told_what_is_free_and_not_what_the_shop_has() -> None:
    ana = _shopper(5)
    ana.reserve(uuid4(), 2)
    assert body_of(ana.get("/stock/SKU-1")) == {"sku": "SKU-1", "quantity": 3}
    stock_of(ana.shop, 7, "confirm")
    stock_of(ana.shop, 6, "X/reserve")
    assert body_of(ana.get("/stock/X/reserve")) == {"sku": "X/reserve", "quantity": 6}


@pytest.mark.parametrize(("limit", "most"), [(None, 99), (3, 3)])
def test_no_answer_tells_a_shopper_more_free_units_than_one_cart_may_hold(limit: int | None, most: int) -> None:
    ana, cart = _shopper(1_000, max_units_per_line=limit), str(UUID(int=7))
    lines = [{"sku": "SKU-1", "quantity": 2_000}]
    told = [ana.get("/stock/SKU-1"), ana.post("/cart/validate", {"cart_token": cart, "lines": lines})]
    told.append(ana.post("/stock/reserve", {"cart_token": cart, "lines": lines}))
    told.append(ana.reserve(UUID(int=7), 2_000))
    assert body_of(told[0])["quantity"] == body_of(told[1])["lines"][0]["available"] == most
    assert "1000" not in "".join(answer.content.decode() for answer in told)


def test_addresses_that_are_not_for_shoppers_do_not_exist_behind_the_proxy() -> None:
    ana = _shopper()
    for path in ("/healthz", "/metrics", "/api/schema", "/"):
        assert outcome(ana.get(path)) == (404, "not_found")


def test_a_script_learns_how_long_a_hold_can_live_at_most() -> None:
    ana = _shopper(hold_ceiling_seconds=900)
    lines = [{"sku": "SKU-1", "quantity": 1}]
    told = body_of(ana.post("/stock/reserve", {"cart_token": str(uuid4()), "lines": lines}))
    assert told["hold_ceiling_seconds"] == 900
