"""What shoppers can do through the app proxy, and what they cannot."""

from uuid import uuid4

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
    answer = ana.post("/stock/SKU-1/reserve", {"quantity": 1}, **{"Idempotency-Key": "k-1"})
    assert outcome(answer) == (200, None)
    assert "Idempotency-Replayed" not in answer


def test_addresses_that_are_not_for_shoppers_do_not_exist_behind_the_proxy() -> None:
    ana = _shopper()
    for path in ("/healthz", "/metrics", "/api/schema", "/"):
        assert outcome(ana.get(path)) == (404, "not_found")


def test_a_script_learns_how_long_a_hold_can_live_at_most() -> None:
    ana = _shopper(hold_ceiling_seconds=900)
    lines = [{"sku": "SKU-1", "quantity": 1}]
    told = body_of(ana.post("/stock/reserve", {"cart_token": str(uuid4()), "lines": lines}))
    assert told["hold_ceiling_seconds"] == 900
