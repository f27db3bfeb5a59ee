"""An unpaid order holds its units until its payment is due, and buys none before it is paid."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from reservations import engine
from reservations.engine import Order, OrderLine, SoldLine
from reservations.models import MovementKind, Reservation, Shop, Shortfall, StockMovement
from tests.factories import by_id, database_now, hold, make_shop, numbers, outlive, settle_one, settle_order, stock_of

pytestmark = pytest.mark.django_db(transaction=True)

HALF_AN_HOUR = timedelta(minutes=30)


def shop_with(units: int, **settings: object) -> Shop:
    shop = make_shop(**settings)
    stock_of(shop, units)
    return shop


def settle(shop: Shop, kept: int, until: datetime | None, order_id: str = "1001", **others: object) -> SoldLine:
    """Settle an order of `kept` units of SKU-1: unpaid `until` its payment is due, paid where that is None."""
    order = Order(order_id, [OrderLine("SKU-1", kept, kept)], held_until=until, **others)  # type: ignore[arg-type]
    return settle_one(shop.pk, order)[0]


def the_hold(shop: Shop, order_id: str = "1001") -> Reservation:
    return Reservation.objects.get(shop=shop, order_id=order_id, status="active")


def its_hold(shop: Shop, order_id: str = "1001") -> engine.Reservation:
    return engine.reservation(shop.pk, the_hold(shop, order_id).pk)


def test_an_unpaid_order_holds_its_units_and_sells_none() -> None:
    shop, due = shop_with(3), database_now() + HALF_AN_HOUR
    assert settle(shop, 2, due) == SoldLine("SKU-1", 0, 0, held=2)
    assert numbers(shop) == (3, 2, 0)
    held = the_hold(shop)
    assert (held.quantity, held.cart_token, held.expires_at) == (2, None, due)


def test_it_takes_over_the_hold_of_its_cart_so_that_the_cart_may_hold_anew() -> None:
    shop, cart, due = shop_with(2), uuid4(), database_now() + HALF_AN_HOUR
    before = hold(shop, cart=cart)
    assert settle(shop, 1, due, carts=[cart]) == SoldLine("SKU-1", 0, 0, held=1)
    taken = engine.reservation(shop.pk, before.reservation_id)
    assert (taken.status, taken.cart_token, taken.order_id, taken.expires_at) == ("active", cart, "1001", due)
    assert hold(shop, cart=cart).reservation_id != before.reservation_id
    assert numbers(shop) == (2, 2, 0)
    row = StockMovement.objects.get(shop=shop, kind=MovementKind.EXTENDED)
    assert (row.reservation_id, row.reference) == (before.reservation_id, "1001")


def test_whoever_confirms_its_cart_is_told_of_its_sale_until_the_payment_is_due_and_then_that_it_is_over() -> None:
    shop, cart, other = shop_with(2), uuid4(), uuid4()
    hold(shop, cart=cart)
    hold(shop, cart=other)
    settle(shop, 1, database_now() + HALF_AN_HOUR, carts=[cart])
    settle(shop, 1, database_now() + HALF_AN_HOUR, "1002", carts=[other])
    (sold,) = engine.confirm(shop.pk, engine.ByCart(cart))
    assert (sold.status, sold.order_id) == ("confirmed", "1001")
    assert engine.confirm(shop.pk, engine.ByCart(cart)) == (sold,)
    assert settle(shop, 1, None, carts=[cart]) == SoldLine("SKU-1", 1, 0)
    outlive(its_hold(shop, "1002"))
    with pytest.raises(engine.ReservationExpired):
        engine.confirm(shop.pk, engine.ByCart(other))


def test_a_cart_gives_back_and_extends_what_it_holds_anew_and_never_what_its_order_holds() -> None:
    shop, cart, due = shop_with(2), uuid4(), database_now() + HALF_AN_HOUR
    stock_of(shop, 1, sku="SKU-2")
    hold(shop, cart=cart)
    settle(shop, 1, due, carts=[cart])
    for refused in (engine.release, engine.extend):
        with pytest.raises(engine.ReservationOfOrder):
            refused(shop.pk, engine.ByCart(cart))
    anew = hold(shop, "SKU-2", cart=cart)
    assert [one.reservation_id for one in engine.extend(shop.pk, engine.ByCart(cart))] == [anew.reservation_id]
    assert [one.reservation_id for one in engine.release(shop.pk, engine.ByCart(cart))] == [anew.reservation_id]
    assert the_hold(shop).expires_at == due


def test_what_its_cart_holds_beyond_its_lines_is_given_back() -> None:
    shop, cart = shop_with(5), uuid4()
    hold(shop, cart=cart, quantity=3)
    assert settle(shop, 1, database_now() + HALF_AN_HOUR, carts=[cart]).held == 1
    assert numbers(shop) == (5, 1, 0)


def test_its_payment_sells_what_it_holds() -> None:
    shop = shop_with(1)
    settle(shop, 1, database_now() + HALF_AN_HOUR)
    assert settle(shop, 1, None) == SoldLine("SKU-1", 1, 0)
    assert numbers(shop) == (1, 0, 1)
    assert Reservation.objects.get(shop=shop).status == "confirmed"


def test_nobody_else_gets_its_unit_before_its_payment_is_due_and_anybody_after() -> None:
    shop = shop_with(1)
    settle(shop, 1, database_now() + HALF_AN_HOUR)
    with pytest.raises(engine.OutOfStock):
        hold(shop)
    outlive(its_hold(shop))
    assert hold(shop).status == "active"


def test_past_its_time_it_holds_nothing_and_is_not_revived() -> None:
    shop, due = shop_with(1), database_now()
    assert settle(shop, 1, due) == SoldLine("SKU-1", 0, 0)
    assert numbers(shop) == (1, 0, 0)


def test_paid_after_its_time_it_gets_a_free_unit() -> None:
    shop = shop_with(1)
    settle(shop, 1, database_now() + HALF_AN_HOUR)
    outlive(its_hold(shop))
    assert settle(shop, 1, None) == SoldLine("SKU-1", 1, 0)
    assert numbers(shop) == (1, 0, 1)


def test_paid_after_its_time_and_after_another_took_the_unit_it_falls_short() -> None:
    shop = shop_with(1)
    settle(shop, 1, database_now() + HALF_AN_HOUR)
    outlive(its_hold(shop))
    hold(shop)
    assert settle(shop, 1, None) == SoldLine("SKU-1", 0, 1)
    assert Shortfall.objects.get(shop=shop).quantity == 1


def test_an_unpaid_order_that_finds_no_unit_lacks_nothing_until_it_is_paid() -> None:
    shop, due = shop_with(0), database_now() + HALF_AN_HOUR
    assert settle(shop, 1, due) == SoldLine("SKU-1", 0, 0)
    assert not Shortfall.objects.filter(shop=shop).exists()
    assert settle(shop, 1, None).shortfall == 1


def test_a_shortfall_written_before_it_was_known_to_be_unpaid_is_taken_back() -> None:
    shop = shop_with(0)
    settle(shop, 1, None)
    assert settle(shop, 1, database_now() + HALF_AN_HOUR) == SoldLine("SKU-1", 0, 0)
    assert Shortfall.objects.get(shop=shop).quantity == 0
    stock_of(shop, 1)
    assert numbers(shop) == (1, 0, 0)


def test_it_does_not_come_before_a_paid_order_that_waits() -> None:
    shop = shop_with(0)
    settle_order(shop, "1000", 1)
    stock_of(shop, 1)
    assert settle(shop, 1, database_now() + HALF_AN_HOUR) == SoldLine("SKU-1", 0, 0)
    assert numbers(shop) == (1, 0, 1)


def test_units_taken_out_of_it_are_free_again() -> None:
    shop, due = shop_with(3), database_now() + HALF_AN_HOUR
    settle(shop, 3, due)
    assert settle(shop, 1, due).held == 1
    assert numbers(shop) == (3, 1, 0)
    assert settle(shop, 0, due).held == 0
    assert numbers(shop) == (3, 0, 0)


def test_units_added_to_it_are_held_as_long() -> None:
    shop, due = shop_with(3), database_now() + HALF_AN_HOUR
    settle(shop, 1, due)
    assert settle(shop, 2, due).held == 2
    assert set(Reservation.objects.filter(shop=shop).values_list("expires_at", flat=True)) == {due}


def test_another_time_to_pay_moves_the_end_of_what_it_holds() -> None:
    shop, due = shop_with(1), database_now() + HALF_AN_HOUR
    settle(shop, 1, due)
    for later in (due + HALF_AN_HOUR, due - timedelta(minutes=5)):
        settle(shop, 1, later)
        assert the_hold(shop).expires_at == later
    settle(shop, 1, database_now())
    assert numbers(shop) == (1, 0, 0)


def test_told_again_it_changes_nothing() -> None:
    shop, cart, due = shop_with(3), uuid4(), database_now() + HALF_AN_HOUR
    hold(shop, cart=cart)
    settle(shop, 2, due, carts=[cart])
    rows = StockMovement.objects.filter(shop=shop).count()
    assert settle(shop, 2, due, carts=[cart]).held == 2
    assert StockMovement.objects.filter(shop=shop).count() == rows


def test_what_was_sold_to_it_before_stays_sold() -> None:
    shop = shop_with(3)
    settle(shop, 1, None)
    assert settle(shop, 2, database_now() + HALF_AN_HOUR) == SoldLine("SKU-1", 1, 0, held=1)
    assert numbers(shop) == (3, 1, 1)


def test_a_sku_that_left_its_lines_is_held_no_more() -> None:
    shop, due = shop_with(1), database_now() + HALF_AN_HOUR
    stock_of(shop, 1, "SKU-2")
    settle_one(shop.pk, Order("1001", [OrderLine("SKU-2", 1, 1)], held_until=due))
    settle(shop, 1, due)
    assert numbers(shop, "SKU-2") == (1, 0, 0)


def test_of_two_holds_that_it_has_too_many_that_of_the_cart_it_names_stays() -> None:
    shop, due = shop_with(2), database_now() + HALF_AN_HOUR
    older, named = hold(shop, cart=uuid4()), hold(shop, cart=uuid4())
    settle(shop, 2, due, holds=[older.reservation_id, named.reservation_id])
    settle(shop, 1, due, carts=[named.cart_token])
    assert the_hold(shop).pk == named.reservation_id


def test_an_order_never_takes_what_another_unpaid_order_holds() -> None:
    shop, due = shop_with(1), database_now() + HALF_AN_HOUR
    settle(shop, 1, due)
    copied = the_hold(shop).pk
    assert settle(shop, 1, None, "1002", holds=[copied]) == SoldLine("SKU-1", 0, 1)
    assert the_hold(shop).pk == copied


def test_a_shopper_neither_releases_nor_extends_what_an_unpaid_order_holds() -> None:
    shop = shop_with(1)
    settle(shop, 1, database_now() + HALF_AN_HOUR)
    for verb in (engine.release, engine.extend):
        with pytest.raises(engine.ReservationOfOrder) as refused:
            verb(shop.pk, by_id(its_hold(shop)))
        assert str(the_hold(shop).pk) in str(refused.value)
    assert numbers(shop) == (1, 1, 0)


def test_a_person_releases_what_an_unpaid_order_holds() -> None:
    shop = shop_with(1)
    settle(shop, 1, database_now() + HALF_AN_HOUR)
    engine.release(shop.pk, by_id(its_hold(shop)), reason="ana", by_hand=True)
    assert numbers(shop) == (1, 0, 0)


def test_a_person_gives_an_unpaid_order_more_time_beyond_the_ceiling_of_carts() -> None:
    shop, due = shop_with(1, hold_ceiling_seconds=600), database_now() + HALF_AN_HOUR
    settle(shop, 1, due)
    given = engine.extend_by_hand(shop.pk, the_hold(shop).pk, by="ana", more=HALF_AN_HOUR)
    assert (given.given, given.reservation.expires_at) == (HALF_AN_HOUR, due + HALF_AN_HOUR)


def test_a_caller_that_confirms_its_hold_sells_it_under_the_orders_own_name() -> None:
    shop = shop_with(1)
    settle(shop, 1, database_now() + HALF_AN_HOUR)
    assert engine.confirm(shop.pk, by_id(its_hold(shop)), order_id="#1001")[0].order_id == "1001"
    assert settle(shop, 1, None) == SoldLine("SKU-1", 1, 0)
    assert numbers(shop) == (1, 0, 1)
