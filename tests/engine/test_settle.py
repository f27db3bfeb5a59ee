"""Settle: the stock follows what is known of an order, whatever became known first."""

from uuid import uuid4

import pytest

from reservations import engine
from reservations.engine import Order, OrderLine, SoldLine
from reservations.models import Reservation, Shop, Shortfall, StockMovement
from tests.factories import by_id, hold, make_shop, numbers, outlive, settle_one, settle_order, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


def settle(shop: Shop, kept: int, awaited: int | None = None, **others: object) -> tuple[SoldLine, ...]:
    """Settle order 1001, which has `kept` units of SKU-1, all of them awaited unless `awaited` is given."""
    line = OrderLine("SKU-1", kept, kept if awaited is None else awaited)
    return settle_one(shop.pk, Order("1001", [line], **others))  # type: ignore[arg-type]


def shop_with(units: int) -> Shop:
    shop = make_shop()
    stock_of(shop, units)
    return shop


def missing(shop: Shop) -> int:
    """Units that order 1001 lacks, as recorded."""
    return sum(Shortfall.objects.filter(shop=shop, order_id="1001").values_list("quantity", flat=True))


def test_an_order_takes_the_holds_of_its_cart_and_then_free_units() -> None:
    shop, cart = shop_with(5), uuid4()
    held = hold(shop, cart=cart, quantity=2)
    assert settle(shop, 3, carts=[cart]) == (SoldLine("SKU-1", 3, 0),)
    assert engine.reservation(shop.pk, held.reservation_id).status == "confirmed"
    assert numbers(shop) == (5, 0, 3)


def test_an_order_without_a_hold_takes_free_units() -> None:
    shop = shop_with(3)
    assert settle(shop, 2) == (SoldLine("SKU-1", 2, 0),)
    assert numbers(shop) == (3, 0, 2)
    assert Reservation.objects.get(shop=shop, order_id="1001").status == "confirmed"


def test_an_order_uses_a_hold_that_only_its_line_names() -> None:
    shop = shop_with(1)
    held = hold(shop)
    assert settle(shop, 1, holds=[held.reservation_id]) == (SoldLine("SKU-1", 1, 0),)
    assert engine.reservation(shop.pk, held.reservation_id).order_id == "1001"


def test_what_the_order_has_no_use_for_is_given_back_when_its_cart_closes() -> None:
    shop, cart = shop_with(5), uuid4()
    stock_of(shop, 5, "SKU-2")
    hold(shop, cart=cart, quantity=3)
    hold(shop, "SKU-2", cart=cart)
    settle(shop, 1, carts=[cart])
    assert numbers(shop) == (5, 0, 1)
    assert numbers(shop, "SKU-2") == (5, 0, 0)


def test_the_holds_of_several_carts_serve_one_order() -> None:
    shop, first, second = shop_with(2), uuid4(), uuid4()
    hold(shop, cart=first)
    hold(shop, cart=second)
    assert settle(shop, 2, carts=[first, second]) == (SoldLine("SKU-1", 2, 0),)
    assert numbers(shop) == (2, 0, 2)


def test_an_order_told_again_changes_nothing() -> None:
    shop, cart = shop_with(5), uuid4()
    hold(shop, cart=cart)
    settle(shop, 2, carts=[cart])
    rows = StockMovement.objects.filter(shop=shop).count()
    for _ in range(3):
        assert settle(shop, 2, carts=[cart]) == (SoldLine("SKU-1", 2, 0),)
    assert StockMovement.objects.filter(shop=shop).count() == rows


def test_a_return_told_again_brings_no_unit_back_twice() -> None:
    shop = shop_with(3)
    settle(shop, 2)
    settle(shop, 1)
    rows = StockMovement.objects.filter(shop=shop).count()
    assert settle(shop, 1) == (SoldLine("SKU-1", 1, 0),)
    assert StockMovement.objects.filter(shop=shop).count() == rows
    assert numbers(shop) == (3, 0, 1)


def test_units_that_came_back_to_the_shelf_are_free_again() -> None:
    shop = shop_with(3)
    settle(shop, 3)
    assert settle(shop, 1) == (SoldLine("SKU-1", 1, 0),)
    assert numbers(shop) == (3, 0, 1)
    assert settle(shop, 0) == (SoldLine("SKU-1", 0, 0),)
    assert numbers(shop) == (3, 0, 0)


def test_units_paid_back_without_coming_back_stay_gone() -> None:
    shop = shop_with(3)
    settle(shop, 2)
    assert settle(shop, 2, awaited=0) == (SoldLine("SKU-1", 2, 0),)
    assert numbers(shop) == (3, 0, 2)


def test_a_cancellation_before_the_order_leaves_the_stock_alone_and_frees_the_cart() -> None:
    shop, cart = shop_with(1), uuid4()
    hold(shop, cart=cart)
    assert settle(shop, 0, carts=[cart]) == (SoldLine("SKU-1", 0, 0),)
    assert numbers(shop) == (1, 0, 0)
    assert missing(shop) == 0


def test_more_after_less_is_sold_again() -> None:
    shop = shop_with(3)
    for kept in (2, 1, 3, 0, 1):
        assert settle(shop, kept) == (SoldLine("SKU-1", kept, 0),)
    assert numbers(shop) == (3, 0, 1)


def test_what_is_not_there_is_the_orders_shortfall_and_never_a_silent_negative() -> None:
    shop = shop_with(1)
    assert settle(shop, 3) == (SoldLine("SKU-1", 1, 2),)
    assert (numbers(shop), missing(shop)) == ((1, 0, 1), 2)


def test_two_late_orders_and_one_unit_are_one_sale_and_one_shortfall() -> None:
    shop = shop_with(1)
    assert settle_order(shop, "1001", 1) == (SoldLine("SKU-1", 1, 0),)
    assert settle_order(shop, "1002", 1) == (SoldLine("SKU-1", 0, 1),)
    recorded = Shortfall.objects.get(shop=shop)
    assert (recorded.order_id, recorded.quantity) == ("1002", 1)
    assert numbers(shop) == (1, 0, 1)


def test_a_refund_takes_from_the_missing_units_before_it_gives_any_back() -> None:
    shop = shop_with(1)
    settle(shop, 2)
    assert settle(shop, 1) == (SoldLine("SKU-1", 1, 0),)
    assert (numbers(shop), missing(shop)) == ((1, 0, 1), 0)


def test_a_missing_unit_that_was_paid_back_is_not_taken_from_later_stock() -> None:
    shop = shop_with(0)
    settle(shop, 1)
    settle(shop, 1, awaited=0)
    stock_of(shop, 5)
    assert settle(shop, 1, awaited=0) == (SoldLine("SKU-1", 0, 0),)
    assert (numbers(shop), missing(shop)) == ((5, 0, 0), 0)


def test_a_missing_unit_is_taken_when_stock_comes_before_the_order_is_told_again() -> None:
    shop = shop_with(0)
    settle(shop, 1)
    stock_of(shop, 1)
    assert settle(shop, 1) == (SoldLine("SKU-1", 1, 0),)
    assert (numbers(shop), missing(shop)) == ((1, 0, 1), 0)


def test_a_shortfall_shrinks_by_the_units_that_came_in_before_the_order_is_told_again() -> None:
    shop = shop_with(0)
    settle(shop, 2)
    stock_of(shop, 1)
    assert settle(shop, 2) == (SoldLine("SKU-1", 1, 1),)
    assert (numbers(shop), missing(shop)) == ((1, 0, 1), 1)


def test_an_order_paid_after_its_hold_died_gets_a_free_unit() -> None:
    shop, cart = shop_with(1), uuid4()
    outlive(hold(shop, cart=cart))
    assert settle(shop, 1, carts=[cart]) == (SoldLine("SKU-1", 1, 0),)
    assert numbers(shop) == (1, 0, 1)


def test_an_order_never_takes_what_another_buyer_holds() -> None:
    shop = shop_with(2)
    ana = hold(shop, cart=uuid4())
    assert settle(shop, 2, carts=[uuid4()]) == (SoldLine("SKU-1", 1, 1),)
    assert numbers(shop) == (2, 1, 1)
    assert engine.confirm(shop.pk, by_id(ana))[0].status == "confirmed"


def test_a_cart_confirmed_before_its_order_came_is_not_sold_twice() -> None:
    shop, cart = shop_with(5), uuid4()
    hold(shop, cart=cart)
    engine.confirm(shop.pk, engine.ByCart(cart))
    assert settle(shop, 1, carts=[cart]) == (SoldLine("SKU-1", 1, 0),)
    assert numbers(shop) == (5, 0, 1)
    assert Reservation.objects.get(shop=shop).order_id == "1001"


def test_a_sale_confirmed_under_another_name_of_the_order_counts_as_its_own() -> None:
    shop, cart = shop_with(5), uuid4()
    hold(shop, cart=cart)
    engine.confirm(shop.pk, engine.ByCart(cart), order_id="#1001")
    assert settle(shop, 1, aliases=["#1001"]) == (SoldLine("SKU-1", 1, 0),)
    assert numbers(shop) == (5, 0, 1)


def test_a_sku_that_is_not_stocked_here_is_left_out() -> None:
    shop = shop_with(5)
    lines = [OrderLine("GHOST", 1, 1), OrderLine("SKU-1", 1, 1)]
    assert settle_one(shop.pk, Order("1001", lines)) == (SoldLine("SKU-1", 1, 0),)
    assert settle_one(shop.pk, Order("1002", [OrderLine("GHOST", 1, 1)])) == ()


def test_another_shops_cart_hold_and_order_are_out_of_reach() -> None:
    ana, beto, cart = shop_with(5), shop_with(5), uuid4()
    held = hold(ana, cart=cart)
    settle(beto, 1, carts=[cart], holds=[held.reservation_id])
    assert numbers(ana) == (5, 1, 0)
    assert numbers(beto) == (5, 0, 1)
    assert engine.reservation(ana.pk, held.reservation_id).status == "active"


def test_returns_of_several_sales_are_each_written_with_their_own_reference() -> None:
    shop = shop_with(9)
    for kept in (2, 4, 1, 3, 0):
        settle(shop, kept)
    returned = StockMovement.objects.filter(shop=shop, kind="taken_back").order_by("position")
    assert [row.in_flight_delta for row in returned] == [-3, -3]
    assert len({row.reference for row in returned}) == 2
    assert sum(Reservation.objects.filter(shop=shop).values_list("returned", flat=True)) == 6


def test_the_books_balance_after_every_kind_of_settling() -> None:
    shop, cart = shop_with(4), uuid4()
    hold(shop, cart=cart, quantity=2)
    for kept, awaited in ((3, 3), (9, 9), (2, 1), (0, 0), (4, 4)):
        settle(shop, kept, awaited, carts=[cart])
    assert engine.audit(shop.pk) == []
