"""The expiry sweep: every shop gets its turn, and none waits for another."""

import pytest
from django.db import connection, transaction

from reservations import engine, expiry_sweep
from tests.factories import hold, make_shop, numbers, outlive, stock_of
from tests.support.rendezvous import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_only_shops_with_dead_holds_are_visited() -> None:
    idle, busy = make_shop(), make_shop()
    for shop in (idle, busy):
        stock_of(shop, 5)
        held = hold(shop)
    outlive(held)
    assert expiry_sweep.shops_with_dead_holds() == [busy.pk]
    assert expiry_sweep.expire_dead_holds() == 1
    assert expiry_sweep.shops_with_dead_holds() == []


def test_a_backlog_larger_than_a_batch_is_worked_off_in_one_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiry_sweep, "BATCH", 2)
    shops = [make_shop() for _ in range(2)]
    for shop, holds in zip(shops, (5, 3), strict=True):
        stock_of(shop, 9)
        outlive(*(hold(shop) for _ in range(holds)))
    assert expiry_sweep.expire_dead_holds() == 8
    assert [numbers(shop) for shop in shops] == [(9, 0, 0)] * 2


def test_a_round_whose_time_is_over_leaves_the_rest_to_the_next() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    outlive(hold(shop))
    assert expiry_sweep.expire_dead_holds(seconds=0) == 0
    assert expiry_sweep.expire_dead_holds() == 1


def test_a_shop_whose_stock_is_locked_does_not_hold_up_the_others() -> None:
    shops = locked, free = make_shop(), make_shop()
    for shop in shops:
        stock_of(shop, 5)
        outlive(hold(shop))

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM reservations_stockitem WHERE shop_id = %s FOR NO KEY UPDATE", [locked.pk])
        assert at_once([expiry_sweep.expire_dead_holds]) == [1]
    assert (numbers(locked), numbers(free)) == ((5, 1, 0), (5, 0, 0))
    assert expiry_sweep.expire_dead_holds() == 1


def test_two_rounds_at_once_expire_each_hold_once() -> None:
    shop = make_shop()
    stock_of(shop, 40)
    outlive(*(hold(shop) for _ in range(40)))
    outcomes = at_once([expiry_sweep.expire_dead_holds] * 4)
    expiry_sweep.expire_dead_holds()
    assert sum(count for count in outcomes if isinstance(count, int)) <= 40
    assert numbers(shop) == (40, 0, 0)
    assert engine.audit(shop.pk) == []


def test_a_round_says_in_one_line_what_it_expired(caplog: pytest.LogCaptureFixture) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    outlive(hold(shop), hold(shop))
    with caplog.at_level("INFO", logger="reservations.expiry_sweep"):
        expiry_sweep.expire_dead_holds()
        expiry_sweep.expire_dead_holds()
    assert caplog.messages == [f"expired 2 holds of shop {shop.pk}"]
