"""Reserve: units are held for a buyer, all lines or none."""

from uuid import uuid4

import pytest

from reservations import engine
from reservations.engine import Line
from reservations.models import Cart, Reservation, StockMovement
from tests.factories import by_id, hold, item, make_shop, numbers, outlive, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_reservation_holds_its_units_for_the_shops_hold_time() -> None:
    shop = make_shop(hold_seconds=120)
    stock_of(shop, 10)
    held = hold(shop, quantity=3)
    assert (held.status, held.quantity, held.sku) == ("active", 3, "SKU-1")
    assert (held.expires_at - held.created_at).total_seconds() == 120
    assert numbers(shop) == (10, 3, 0)


def test_the_last_unit_is_held_once_and_the_second_buyer_is_told_when_it_may_come_free() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    ana = hold(shop)
    for _ in range(2):  # under the lock, and then without it
        with pytest.raises(engine.OutOfStock) as refusal:
            hold(shop)
        assert refusal.value.lines == (engine.UncoveredLine("SKU-1", 1, 0, ana.expires_at),)
    assert numbers(shop) == (1, 1, 0)


def test_the_end_of_a_carts_own_hold_is_no_time_to_come_back_for_more() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 2)
    hold(shop, quantity=2, cart=cart)
    for _ in range(2):
        with pytest.raises(engine.OutOfStock) as refusal:
            hold(shop, quantity=3, cart=cart)
        assert refusal.value.lines == (engine.UncoveredLine("SKU-1", 3, 2, None),)
        with pytest.raises(engine.OutOfStock) as refusal:
            hold(shop)
        assert refusal.value.lines[0].retry_at is not None
    hold(shop, quantity=1, cart=cart)
    beto = hold(shop)
    for _ in range(2):
        with pytest.raises(engine.OutOfStock) as refusal:
            hold(shop, quantity=2, cart=cart)
        assert refusal.value.lines == (engine.UncoveredLine("SKU-1", 2, 1, beto.expires_at),)


def test_a_sold_out_sku_that_nobody_holds_promises_no_time() -> None:
    shop = make_shop()
    stock_of(shop, 0)
    for _ in range(2):
        with pytest.raises(engine.OutOfStock) as refusal:
            hold(shop)
        assert refusal.value.lines[0].retry_at is None


def test_a_sku_that_the_shop_does_not_have_is_unknown_whatever_another_shop_has() -> None:
    shop, other = make_shop(), make_shop()
    stock_of(other, 5)
    with pytest.raises(engine.UnknownSku):
        hold(shop)


def test_skus_that_differ_only_in_case_are_different_skus() -> None:
    shop = make_shop()
    stock_of(shop, 1, "abc")
    with pytest.raises(engine.UnknownSku):
        hold(shop, "ABC")


def test_reserving_again_for_the_same_cart_sets_the_quantity_and_keeps_the_clock() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 5)
    first = hold(shop, quantity=2, cart=cart)
    more = hold(shop, quantity=5, cart=cart)
    less = hold(shop, quantity=1, cart=cart)
    assert {first.reservation_id} == {more.reservation_id, less.reservation_id}
    assert first.expires_at == more.expires_at == less.expires_at
    assert numbers(shop) == (5, 1, 0)


def test_a_buyers_own_hold_never_counts_against_them() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 1)
    hold(shop, cart=cart)
    with pytest.raises(engine.OutOfStock):
        hold(shop)
    assert hold(shop, cart=cart).status == "active"


def test_a_dead_hold_of_the_same_cart_is_replaced_and_never_revived() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 1)
    dead = hold(shop, cart=cart)
    outlive(dead)
    fresh = hold(shop, cart=cart)
    assert fresh.reservation_id != dead.reservation_id
    assert engine.reservation(shop.pk, dead.reservation_id).status == "expired"


def test_a_dead_holds_units_are_sellable_at_once_though_no_job_has_run() -> None:
    shop = make_shop()
    stock_of(shop, 2)
    dead = hold(shop, quantity=2)
    with pytest.raises(engine.OutOfStock):
        hold(shop)
    outlive(dead)
    assert hold(shop, quantity=2).status == "active"
    assert Reservation.objects.get(pk=dead.reservation_id).status == "expired"


def test_only_as_many_dead_holds_are_reclaimed_as_are_needed() -> None:
    shop = make_shop()
    stock_of(shop, 150)
    dead = [hold(shop) for _ in range(150)]
    outlive(*dead)
    hold(shop, quantity=120)
    assert Reservation.objects.filter(shop=shop, status="expired").count() == 120


def test_a_cart_is_held_whole_or_leaves_no_trace() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 5, "A")
    stock_of(shop, 1, "B")
    rows = StockMovement.objects.filter(shop=shop).count()
    with pytest.raises(engine.OutOfStock) as refusal:
        engine.reserve(shop.pk, [Line("A", 1), Line("B", 2)], cart_token=cart)
    assert [line.sku for line in refusal.value.lines] == ["B"]
    assert numbers(shop, "A") == (5, 0, 0)
    assert StockMovement.objects.filter(shop=shop).count() == rows
    assert not Reservation.objects.filter(shop=shop).exists()
    assert not Cart.objects.filter(shop=shop).exists()


def test_two_lines_of_one_sku_want_the_sum_of_both() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    with pytest.raises(engine.OutOfStock) as refusal:
        engine.reserve(shop.pk, [Line("SKU-1", 3), Line("SKU-1", 3)], cart_token=uuid4())
    assert refusal.value.lines[0].requested == 6
    held = engine.reserve(shop.pk, [Line("SKU-1", 2), Line("SKU-1", 3)], cart_token=uuid4())
    assert [(one.sku, one.quantity) for one in held] == [("SKU-1", 5)]


def test_a_cart_that_sends_the_same_lines_again_holds_what_it_held() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 2, "A")
    stock_of(shop, 2, "B")
    lines = [Line("B", 2), Line("A", 1)]
    first = engine.reserve(shop.pk, lines, cart_token=cart)
    assert engine.reserve(shop.pk, lines, cart_token=cart) == first
    assert [held.sku for held in first] == ["B", "A"]


def test_the_shops_limit_per_cart_and_sku_is_kept() -> None:
    shop = make_shop(max_units_per_line=2)
    stock_of(shop, 5)
    with pytest.raises(engine.CartLimitExceeded) as refusal:
        hold(shop, quantity=3)
    assert refusal.value.extra() == {"sku": "SKU-1", "max": 2}
    assert hold(shop, quantity=2).quantity == 2


def test_a_refused_request_leaves_no_row_in_the_ledger() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    rows = item(shop).movements.count()
    with pytest.raises(engine.OutOfStock):
        hold(shop, quantity=2)
    assert item(shop).movements.count() == rows


def test_units_that_come_free_are_not_denied_by_what_was_sold_out_before() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    ana = hold(shop)
    for _ in range(3):
        with pytest.raises(engine.OutOfStock):
            hold(shop)
    engine.release(shop.pk, by_id(ana))
    assert hold(shop).status == "active"
