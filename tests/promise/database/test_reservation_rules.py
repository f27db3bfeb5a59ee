"""The database keeps the reservations' rules, whatever program writes to them."""

from uuid import uuid4

import pytest

from reservations import engine
from reservations.models import Reservation
from tests.factories import by_id, hold, item, make_shop, outlive, stock_of
from tests.support.refusal import refused, run

pytestmark = pytest.mark.django_db(transaction=True)

END_CHANGED, IDENTITY_CHANGED, UNIQUE, CHECK, FOREIGN_KEY = "BZ004", "BZ005", "23505", "23514", "23503"

INSERT = """
INSERT INTO reservations_reservation (id, shop_id, stock_item_id, cart_token, quantity, returned, status, created_at,
    expires_at, ended_at, order_id)
VALUES (%s, %s, %s, %s, 1, 0, 'active', now(), now(), NULL, '')
"""


def ended(end: str) -> engine.Reservation:
    """Make a reservation that came to this end."""
    shop = make_shop()
    stock_of(shop, 5)
    held = hold(shop, cart=uuid4())
    if end == "confirmed":
        engine.confirm(shop.pk, by_id(held), order_id="1001")
    elif end == "released":
        engine.release(shop.pk, by_id(held))
    else:
        outlive(held)
        engine.expire(shop.pk)
    assert Reservation.objects.get(pk=held.reservation_id).status == end
    return held


@pytest.mark.parametrize("end", ["confirmed", "released", "expired"])
@pytest.mark.parametrize(
    "change",
    [
        "status = 'active', ended_at = NULL",
        "status = CASE status WHEN 'released' THEN 'expired' ELSE 'released' END",
        "quantity = quantity + 1",
        "expires_at = expires_at + interval '1 hour'",
        "ended_at = now()",
        "cart_token = NULL",
    ],
)
def test_an_ended_reservation_never_changes(end: str, change: str) -> None:
    held = ended(end)
    with refused(END_CHANGED):
        run(f"UPDATE reservations_reservation SET {change} WHERE id = %s", held.reservation_id)


def test_a_sale_keeps_the_order_that_it_was_given() -> None:
    held = ended("confirmed")
    with refused(END_CHANGED):
        run("UPDATE reservations_reservation SET order_id = '2002' WHERE id = %s", held.reservation_id)


def test_units_that_came_back_are_not_sent_away_again() -> None:
    held = ended("confirmed")
    run("UPDATE reservations_reservation SET returned = 1 WHERE id = %s", held.reservation_id)
    with refused(END_CHANGED):
        run("UPDATE reservations_reservation SET returned = 0 WHERE id = %s", held.reservation_id)


@pytest.mark.parametrize("change", ["id = gen_random_uuid()", "created_at = now() - interval '1 day'"])
def test_a_live_hold_keeps_its_identity(change: str) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    hold(shop)
    with refused(IDENTITY_CHANGED):
        run(f"UPDATE reservations_reservation SET {change} WHERE shop_id = %s", shop.pk)


def test_a_live_hold_is_not_deleted() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    hold(shop)
    with refused(IDENTITY_CHANGED):
        run("DELETE FROM reservations_reservation WHERE shop_id = %s", shop.pk)


def test_a_cart_has_one_live_hold_of_a_sku() -> None:
    shop, cart = make_shop(), uuid4()
    stock_of(shop, 5)
    hold(shop, cart=cart)
    with refused(UNIQUE):
        run(INSERT, uuid4(), shop.pk, item(shop).pk, cart)


def test_a_reservation_of_another_shops_stock_is_refused() -> None:
    shop, other = make_shop(), make_shop()
    stock_of(shop, 5)
    with refused(FOREIGN_KEY):
        run(INSERT, uuid4(), other.pk, item(shop).pk, None)


@pytest.mark.parametrize(
    "change",
    [
        "quantity = 0",
        "returned = 1",
        "status = 'paused'",
        "ended_at = now()",
        "status = 'released'",
        "sold_before = TRUE",
    ],
)
def test_a_reservation_that_makes_no_sense_is_refused(change: str) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    hold(shop)
    with refused(CHECK):
        run(f"UPDATE reservations_reservation SET {change} WHERE shop_id = %s", shop.pk)
