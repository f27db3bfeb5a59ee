"""Confirm: the purchase closed, so the hold becomes a sale."""

from uuid import uuid4

import pytest

from reservations import engine
from reservations.models import Reservation, StockMovement
from tests.factories import by_id, hold, make_shop, numbers, outlive, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_confirmed_hold_leaves_reserved_and_is_in_flight_to_the_erp() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop, quantity=2)
    (sold,) = engine.confirm(shop.pk, by_id(held), order_id="1001")
    assert (sold.status, sold.order_id) == ("confirmed", "1001")
    assert numbers(shop) == (5, 0, 2)
    last = StockMovement.objects.filter(shop=shop).latest("position")
    assert (last.kind, last.reserved_delta, last.in_flight_delta, last.reference) == (
        "confirmed",
        -2,
        2,
        "1001",
    )


def test_a_repeated_confirm_gets_the_same_answer_and_sells_nothing_more() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop)
    first = engine.confirm(shop.pk, by_id(held), order_id="1001")
    assert engine.confirm(shop.pk, by_id(held), order_id="1001") == first
    assert numbers(shop) == (5, 0, 1)


def test_a_dead_hold_is_expired_for_every_confirm_ever_after() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop)
    outlive(held)
    for _ in range(2):
        with pytest.raises(engine.ReservationExpired) as refusal:
            engine.confirm(shop.pk, by_id(held))
        assert refusal.value.reservations == ((held.reservation_id, "expired"),)
    assert numbers(shop) == (5, 0, 0)


def test_a_released_hold_cannot_be_confirmed() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop)
    engine.release(shop.pk, by_id(held))
    with pytest.raises(engine.ReservationReleased):
        engine.confirm(shop.pk, by_id(held))


def test_a_reservation_of_another_shop_is_unknown() -> None:
    shop, other = make_shop(), make_shop()
    stock_of(shop, 5)
    held = hold(shop)
    with pytest.raises(engine.UnknownReservation):
        engine.confirm(other.pk, by_id(held))
    assert numbers(shop) == (5, 1, 0)


def test_several_are_confirmed_together_or_not_at_all() -> None:
    shop = make_shop()
    stock_of(shop, 5, "A")
    stock_of(shop, 5, "B")
    live, dead = hold(shop, "A"), hold(shop, "B")
    outlive(dead)
    with pytest.raises(engine.ReservationExpired) as refusal:
        engine.confirm(shop.pk, by_id(live, dead))
    assert [known for known, _ in refusal.value.reservations] == [dead.reservation_id]
    assert engine.reservation(shop.pk, live.reservation_id).status == "active"


def test_an_unknown_reservation_is_named_before_one_that_expired() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    dead = hold(shop)
    outlive(dead)
    stranger = uuid4()
    with pytest.raises(engine.UnknownReservation) as refusal:
        engine.confirm(shop.pk, engine.ByIds((dead.reservation_id, stranger)))
    assert refusal.value.reservations == ((stranger, "unknown"), (dead.reservation_id, "expired"))
    assert str(stranger) in refusal.value.detail()
    assert str(dead.reservation_id) not in refusal.value.detail()


def test_each_reservation_that_stands_in_the_way_is_named_with_what_became_of_it() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    released, dead, sold, live = (hold(shop) for _ in range(4))
    engine.release(shop.pk, by_id(released))
    engine.confirm(shop.pk, by_id(sold))
    outlive(dead)
    with pytest.raises(engine.ReservationExpired) as refusal:
        engine.confirm(shop.pk, by_id(released, sold, live, dead))
    assert refusal.value.reservations == ((dead.reservation_id, "expired"), (released.reservation_id, "released"))
    assert refusal.value.detail() == f"A reserva '{dead.reservation_id}' está expirada."
    assert engine.reservation(shop.pk, live.reservation_id).status == "active"


def test_a_cart_is_confirmed_whole_by_its_token_and_the_answer_repeats() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 5, "A")
    stock_of(shop, 5, "B")
    engine.reserve(shop.pk, [engine.Line("A", 1), engine.Line("B", 2)], cart_token=cart)
    first = engine.confirm(shop.pk, engine.ByCart(cart), order_id="1001")
    assert [(sold.sku, sold.quantity, sold.status) for sold in first] == [
        ("A", 1, "confirmed"),
        ("B", 2, "confirmed"),
    ]
    assert engine.confirm(shop.pk, engine.ByCart(cart), order_id="1001") == first


def test_what_a_cart_gave_back_does_not_stand_in_the_way_of_the_rest() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 5, "A")
    stock_of(shop, 5, "B")
    dropped = hold(shop, "A", cart=cart)
    hold(shop, "B", cart=cart)
    engine.release(shop.pk, by_id(dropped))
    assert [sold.sku for sold in engine.confirm(shop.pk, engine.ByCart(cart))] == ["B"]


def test_a_hold_that_was_replaced_after_its_death_does_not_stand_in_the_way() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 5)
    outlive(hold(shop, cart=cart))
    fresh = hold(shop, cart=cart)
    assert [sold.reservation_id for sold in engine.confirm(shop.pk, engine.ByCart(cart))] == [fresh.reservation_id]


def test_a_cart_whose_hold_died_is_expired_and_one_that_held_nothing_is_unknown() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 5)
    outlive(hold(shop, cart=cart))
    with pytest.raises(engine.ReservationExpired):
        engine.confirm(shop.pk, engine.ByCart(cart))
    with pytest.raises(engine.UnknownReservation):
        engine.confirm(shop.pk, engine.ByCart(uuid4()))


def test_a_sale_learns_its_order_once_and_keeps_it() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop)
    engine.confirm(shop.pk, by_id(held))
    engine.confirm(shop.pk, by_id(held), order_id="1001")
    engine.confirm(shop.pk, by_id(held), order_id="2002")
    assert Reservation.objects.get(pk=held.reservation_id).order_id == "1001"
