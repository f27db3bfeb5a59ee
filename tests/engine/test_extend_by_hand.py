"""Extend by hand: a named person gives a living hold more time, never past the ceiling."""

from datetime import timedelta
from uuid import uuid4

import pytest

from reservations import engine
from reservations.models import MovementKind, Shop, StockMovement
from tests.factories import by_id, hold, make_shop, numbers, outlive, stock_of

pytestmark = pytest.mark.django_db(transaction=True)

TEN_MINUTES = timedelta(minutes=10)


def shop_with_a_hold(**settings: object) -> tuple[Shop, engine.Reservation]:
    """A shop with five units, one of them held."""
    shop = make_shop(**settings)
    stock_of(shop, 5)
    return shop, hold(shop)


def favours(shop: Shop) -> list[StockMovement]:
    """The ledger rows that name who gave more time."""
    return list(StockMovement.objects.filter(shop=shop, kind=MovementKind.EXTENDED))


def test_an_extended_hold_ends_ten_minutes_later_and_the_ledger_names_who_did_it() -> None:
    shop, held = shop_with_a_hold()
    extended = engine.extend_by_hand(shop.pk, held.reservation_id, by="shopify:42", more=TEN_MINUTES)
    assert extended.reservation.expires_at == held.expires_at + TEN_MINUTES
    assert extended.given == TEN_MINUTES
    (row,) = favours(shop)
    assert (row.reference, row.reservation_id) == ("shopify:42: +600 s", held.reservation_id)
    assert (row.on_hand_delta, row.reserved_delta, row.in_flight_delta) == (0, 0, 0)
    assert numbers(shop) == (5, 1, 0)
    assert not engine.audit(shop.pk)


def test_the_ceiling_cuts_what_is_given_and_at_the_ceiling_nothing_is_written() -> None:
    shop, held = shop_with_a_hold(hold_seconds=600, hold_ceiling_seconds=700)
    cut = engine.extend_by_hand(shop.pk, held.reservation_id, by="shopify:42", more=TEN_MINUTES)
    assert cut.given == timedelta(seconds=100)
    again = engine.extend_by_hand(shop.pk, held.reservation_id, by="shopify:42", more=TEN_MINUTES)
    assert again.given == timedelta(0)
    assert again.reservation.expires_at == cut.reservation.expires_at == held.created_at + timedelta(seconds=700)
    assert len(favours(shop)) == 1


def test_a_ceiling_that_was_lowered_since_takes_no_time_away() -> None:
    shop, held = shop_with_a_hold(hold_seconds=600)
    Shop.objects.filter(pk=shop.pk).update(hold_seconds=60, hold_ceiling_seconds=60)
    assert (
        engine.extend_by_hand(shop.pk, held.reservation_id, by="x", more=TEN_MINUTES).reservation.expires_at
        == held.expires_at
    )


def test_a_dead_hold_is_never_revived_by_a_favour() -> None:
    shop, held = shop_with_a_hold()
    outlive(held)
    with pytest.raises(engine.ReservationExpired):
        engine.extend_by_hand(shop.pk, held.reservation_id, by="shopify:42", more=TEN_MINUTES)
    assert engine.reservation(shop.pk, held.reservation_id).status == "expired"
    assert engine.stock(shop.pk, "SKU-1").available == 5


def test_a_hold_that_ended_another_way_says_which() -> None:
    shop, held = shop_with_a_hold()
    sold = hold(shop)
    engine.release(shop.pk, by_id(held))
    engine.confirm(shop.pk, by_id(sold))
    with pytest.raises(engine.ReservationReleased):
        engine.extend_by_hand(shop.pk, held.reservation_id, by="shopify:42", more=TEN_MINUTES)
    with pytest.raises(engine.ReservationConfirmed):
        engine.extend_by_hand(shop.pk, sold.reservation_id, by="shopify:42", more=TEN_MINUTES)
    assert favours(shop) == []


def test_the_hold_of_another_shop_is_unknown() -> None:
    shop, held = shop_with_a_hold()
    for asked in (held.reservation_id, uuid4()):
        with pytest.raises(engine.UnknownReservation):
            engine.extend_by_hand(make_shop().pk, asked, by="shopify:42", more=TEN_MINUTES)
    assert favours(shop) == []


def test_a_name_that_is_too_long_for_the_ledger_is_cut() -> None:
    shop, held = shop_with_a_hold()
    engine.extend_by_hand(shop.pk, held.reservation_id, by="x" * 300, more=TEN_MINUTES)
    assert favours(shop)[0].reference == "x" * 255
