"""Hold cart: the holds of a cart become what its lines say, as far as the stock goes."""

from uuid import uuid4

import pytest

from reservations import engine
from reservations.engine import HoldLine, Line
from tests.factories import hold, hold_cart, make_shop, numbers, outlive, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_line_of_a_cart_is_held() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 5)
    stock_of(shop, 5, "SKU-2")
    lines = [Line("SKU-1", 2), Line("SKU-2", 1)]
    assert hold_cart(shop.pk, cart, lines) == (HoldLine("SKU-1", 2, 2), HoldLine("SKU-2", 1, 1))
    assert (numbers(shop), numbers(shop, "SKU-2")) == ((5, 2, 0), (5, 1, 0))


def test_a_line_holds_what_it_can_get() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 3)
    stock_of(shop, 0, "SKU-2")
    lines = [Line("SKU-1", 9), Line("SKU-2", 1)]
    assert hold_cart(shop.pk, cart, lines) == (HoldLine("SKU-1", 9, 3), HoldLine("SKU-2", 1, 0))
    assert numbers(shop) == (3, 3, 0)


def test_lines_of_one_sku_are_summed() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    assert hold_cart(shop.pk, uuid4(), [Line("SKU-1", 1), Line("SKU-1", 2)]) == (HoldLine("SKU-1", 3, 3),)


def test_what_left_the_cart_is_given_back() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 5)
    stock_of(shop, 5, "SKU-2")
    hold_cart(shop.pk, cart, [Line("SKU-1", 3), Line("SKU-2", 1)])
    hold_cart(shop.pk, cart, [Line("SKU-1", 1)])
    assert (numbers(shop), numbers(shop, "SKU-2")) == ((5, 1, 0), (5, 0, 0))
    assert hold_cart(shop.pk, cart, []) == ()
    assert numbers(shop) == (5, 0, 0)


def test_a_living_hold_keeps_its_time_and_a_dead_one_is_replaced() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 5)
    held = hold(shop, cart=cart)
    hold_cart(shop.pk, cart, [Line("SKU-1", 2)])
    same = engine.reservation(shop.pk, held.reservation_id)
    assert (same.quantity, same.expires_at) == (2, held.expires_at)
    outlive(held)
    hold_cart(shop.pk, cart, [Line("SKU-1", 2)])
    assert engine.reservation(shop.pk, held.reservation_id).status == "expired"
    assert numbers(shop) == (5, 2, 0)


def test_a_cart_never_takes_what_another_one_holds() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    hold(shop, cart=uuid4())
    assert hold_cart(shop.pk, uuid4(), [Line("SKU-1", 1)]) == (HoldLine("SKU-1", 1, 0),)
    assert numbers(shop) == (1, 1, 0)


def test_a_cart_gets_the_units_of_dead_holds() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    outlive(hold(shop, cart=uuid4()))
    assert hold_cart(shop.pk, uuid4(), [Line("SKU-1", 1)]) == (HoldLine("SKU-1", 1, 1),)


def test_a_cart_holds_no_more_than_the_shop_allows_one_cart() -> None:
    shop = make_shop(max_units_per_line=2)
    stock_of(shop, 9)
    assert hold_cart(shop.pk, uuid4(), [Line("SKU-1", 5)]) == (HoldLine("SKU-1", 5, 2),)


def test_a_sku_that_is_not_stocked_here_is_left_out() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    assert hold_cart(shop.pk, uuid4(), [Line("GHOST", 1), Line("SKU-1", 1)]) == (HoldLine("SKU-1", 1, 1),)


def test_a_cart_that_turns_out_to_be_another_brings_its_units_along() -> None:
    shop, guessed, known = make_shop(), uuid4(), uuid4()
    stock_of(shop, 1)
    hold_cart(shop.pk, guessed, [Line("SKU-1", 1)])
    assert hold_cart(shop.pk, known, [Line("SKU-1", 1)], absorbs=[guessed]) == (HoldLine("SKU-1", 1, 1),)
    assert engine.stock(shop.pk, "SKU-1").reserved == 1
    assert engine.audit(shop.pk) == []
