"""Sell: an order is paid, and money beats clocks."""

from uuid import uuid4

import pytest

from reservations import engine
from reservations.engine import Line, SoldLine
from reservations.models import Reservation, Shortfall
from tests.factories import by_id, hold, make_shop, numbers, outlive, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_order_takes_the_holds_of_its_cart_first() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 1)
    held = hold(shop, cart=cart)
    assert engine.sell(shop.pk, "1001", [Line("SKU-1", 1)], cart_token=cart) == (SoldLine("SKU-1", 1, 0),)
    assert engine.reservation(shop.pk, held.reservation_id).status == "confirmed"
    assert numbers(shop) == (1, 0, 1)


def test_an_order_without_a_hold_claims_free_units() -> None:
    shop = make_shop()
    stock_of(shop, 3)
    assert engine.sell(shop.pk, "1001", [Line("SKU-1", 2)]) == (SoldLine("SKU-1", 2, 0),)
    assert numbers(shop) == (3, 0, 2)
    assert Reservation.objects.get(shop=shop, order_id="1001").status == "confirmed"


def test_an_order_paid_after_its_hold_died_gets_a_free_unit() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 1)
    outlive(hold(shop, cart=cart))
    assert engine.sell(shop.pk, "1001", [Line("SKU-1", 1)], cart_token=cart) == (SoldLine("SKU-1", 1, 0),)


def test_two_late_orders_and_one_unit_are_one_sale_and_one_shortfall() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    assert engine.sell(shop.pk, "1001", [Line("SKU-1", 1)]) == (SoldLine("SKU-1", 1, 0),)
    assert engine.sell(shop.pk, "1002", [Line("SKU-1", 1)]) == (SoldLine("SKU-1", 0, 1),)
    missing = Shortfall.objects.get(shop=shop)
    assert (missing.order_id, missing.quantity) == ("1002", 1)
    assert numbers(shop) == (1, 0, 1)


def test_a_late_order_never_takes_what_another_buyer_holds() -> None:
    shop = make_shop()
    stock_of(shop, 2)
    ana = hold(shop)
    assert engine.sell(shop.pk, "1001", [Line("SKU-1", 2)]) == (SoldLine("SKU-1", 1, 1),)
    assert engine.confirm(shop.pk, by_id(ana))[0].status == "confirmed"


def test_an_order_that_is_told_again_sells_nothing_more() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 5)
    hold(shop, cart=cart, quantity=2)
    for _ in range(3):
        assert engine.sell(shop.pk, "1001", [Line("SKU-1", 3)], cart_token=cart) == (SoldLine("SKU-1", 3, 0),)
    assert numbers(shop) == (5, 0, 3)


def test_a_cart_confirmed_before_its_order_came_is_not_sold_twice() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 5)
    hold(shop, cart=cart)
    engine.confirm(shop.pk, engine.ByCart(cart))
    assert engine.sell(shop.pk, "1001", [Line("SKU-1", 1)], cart_token=cart) == (SoldLine("SKU-1", 1, 0),)
    assert numbers(shop) == (5, 0, 1)
    assert Reservation.objects.get(shop=shop).order_id == "1001"


def test_a_hold_for_more_than_the_order_gives_the_difference_back() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 5)
    hold(shop, cart=cart, quantity=3)
    engine.sell(shop.pk, "1001", [Line("SKU-1", 1)], cart_token=cart)
    assert numbers(shop) == (5, 0, 1)


def test_a_shortfall_shrinks_when_units_came_in_before_the_order_was_told_again() -> None:
    shop = make_shop()
    stock_of(shop, 0)
    engine.sell(shop.pk, "1001", [Line("SKU-1", 2)])
    stock_of(shop, 1)
    assert engine.sell(shop.pk, "1001", [Line("SKU-1", 2)]) == (SoldLine("SKU-1", 1, 1),)
    assert Shortfall.objects.get(shop=shop).quantity == 1


def test_an_unknown_sku_stops_the_order_before_anything_is_sold() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    with pytest.raises(engine.UnknownSku):
        engine.sell(shop.pk, "1001", [Line("SKU-1", 1), Line("GHOST", 1)])
    assert numbers(shop) == (5, 0, 0)


def test_returned_units_are_free_again_and_never_returned_twice() -> None:
    shop = make_shop()
    stock_of(shop, 3)
    engine.sell(shop.pk, "1001", [Line("SKU-1", 2)])
    assert engine.take_back(shop.pk, "1001", "SKU-1", 1, reference="refund:7:1") == 1
    assert engine.take_back(shop.pk, "1001", "SKU-1", 1, reference="refund:7:1") == 0
    assert engine.take_back(shop.pk, "1001", "SKU-1", 5, reference="cancel:1001") == 1
    assert numbers(shop) == (3, 0, 0)


def test_an_order_that_bought_nothing_gives_nothing_back() -> None:
    shop = make_shop()
    stock_of(shop, 3)
    assert engine.take_back(shop.pk, "1001", "SKU-1", 1, reference="refund:7:1") == 0
    assert numbers(shop) == (3, 0, 0)
