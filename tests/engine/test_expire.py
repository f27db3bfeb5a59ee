"""Expire: the job that writes down what the clock has already decided."""

import pytest

from reservations import engine
from tests.factories import by_id, hold, make_shop, numbers, outlive, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_dead_holds_are_written_down_and_live_ones_left_alone() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    dead, live = hold(shop, quantity=2), hold(shop)
    outlive(dead)
    assert engine.expire(shop.pk) == 1
    assert numbers(shop) == (5, 1, 0)
    assert engine.reservation(shop.pk, live.reservation_id).status == "active"


def test_a_second_round_finds_nothing_to_expire() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    outlive(hold(shop))
    assert (engine.expire(shop.pk), engine.expire(shop.pk)) == (1, 0)


def test_a_round_takes_no_more_than_its_limit() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    outlive(*(hold(shop) for _ in range(5)))
    assert [engine.expire(shop.pk, limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_every_shop_is_swept_until_nothing_dead_is_left() -> None:
    shops = [make_shop(), make_shop()]
    for shop in shops:
        stock_of(shop, 3)
        outlive(hold(shop), hold(shop))
    assert engine.expire_all() == 4
    assert [numbers(shop) for shop in shops] == [(3, 0, 0)] * 2


def test_an_expired_hold_reads_expired_before_and_after_the_job_has_run() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    held = hold(shop)
    outlive(held)
    before = engine.reservation(shop.pk, held.reservation_id)
    stock = engine.stock(shop.pk, "SKU-1")
    engine.expire(shop.pk)
    after = engine.reservation(shop.pk, held.reservation_id)
    assert before.status == "expired"
    assert after == before
    assert after.ended_at == after.expires_at
    assert (stock.available, stock.reserved) == (1, 0)
    with pytest.raises(engine.ReservationExpired):
        engine.confirm(shop.pk, by_id(held))
