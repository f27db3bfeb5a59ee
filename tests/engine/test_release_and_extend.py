"""Release gives a hold back before its time; extend gives it more."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from reservations import engine
from reservations.models import StockMovement
from tests.factories import by_id, hold, make_shop, numbers, outlive, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


def age(held: engine.Reservation, seconds: int) -> None:
    """Move the beginning of the hold, and so its end, that much back."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE reservations_reservation SET created_at = created_at - make_interval(secs => %s),"
            " expires_at = expires_at - make_interval(secs => %s) WHERE id = %s",
            [seconds, seconds, held.reservation_id],
        )
        cursor.execute("RESET session_replication_role")


def test_a_released_hold_gives_its_units_back_and_the_ledger_says_why() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop, quantity=2)
    (released,) = engine.release(shop.pk, by_id(held), reason="removed from the cart")
    assert released.status == "released"
    assert numbers(shop) == (5, 0, 0)
    assert StockMovement.objects.filter(shop=shop).latest("position").reference == "removed from the cart"


def test_a_repeated_release_gets_the_same_answer_and_frees_nothing_twice() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop)
    hold(shop)
    first = engine.release(shop.pk, by_id(held))
    assert engine.release(shop.pk, by_id(held)) == first
    assert numbers(shop) == (5, 1, 0)


def test_what_has_ended_otherwise_cannot_be_released() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    dead, sold = hold(shop), hold(shop)
    outlive(dead)
    engine.confirm(shop.pk, by_id(sold))
    with pytest.raises(engine.ReservationExpired):
        engine.release(shop.pk, by_id(dead))
    with pytest.raises(engine.ReservationConfirmed):
        engine.release(shop.pk, by_id(sold))


def test_an_emptied_cart_releases_what_still_lives() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 5, "A")
    stock_of(shop, 5, "B")
    outlive(hold(shop, "A", cart=cart))
    hold(shop, "B", cart=cart)
    assert [held.sku for held in engine.release(shop.pk, engine.ByCart(cart))] == ["B"]
    assert numbers(shop, "A") == (5, 0, 0)


def test_an_extended_hold_lives_a_full_term_from_now() -> None:
    shop = make_shop(hold_seconds=600)
    stock_of(shop, 5)
    held = hold(shop)
    age(held, 300)
    (extended,) = engine.extend(shop.pk, by_id(held))
    assert timedelta(seconds=899) < extended.expires_at - extended.created_at < timedelta(seconds=910)


def test_no_extension_passes_the_ceiling_counted_from_the_first_second() -> None:
    shop = make_shop(hold_seconds=600, hold_ceiling_seconds=700)
    stock_of(shop, 5)
    held = hold(shop)
    age(held, 300)
    for _ in range(2):
        (extended,) = engine.extend(shop.pk, by_id(held))
        assert extended.expires_at - extended.created_at == timedelta(seconds=700)


def test_an_extension_never_shortens_a_hold() -> None:
    shop = make_shop(hold_seconds=600)
    stock_of(shop, 5)
    held = hold(shop)
    shop.hold_seconds = 5
    shop.save()
    (extended,) = engine.extend(shop.pk, by_id(held))
    assert extended.expires_at == held.expires_at


def test_a_dead_hold_is_never_extended_even_when_its_unit_is_still_free() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop)
    outlive(held)
    with pytest.raises(engine.ReservationExpired):
        engine.extend(shop.pk, by_id(held))
    assert engine.reservation(shop.pk, held.reservation_id).status == "expired"


def test_an_ended_hold_says_how_it_ended_when_someone_wants_it_longer() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    released, sold = hold(shop), hold(shop)
    engine.release(shop.pk, by_id(released))
    engine.confirm(shop.pk, by_id(sold))
    with pytest.raises(engine.ReservationReleased):
        engine.extend(shop.pk, by_id(released))
    with pytest.raises(engine.ReservationConfirmed):
        engine.extend(shop.pk, by_id(sold))
