"""Apply a count: the ERP or the merchant says how many there are."""

from datetime import timedelta

import pytest

from reservations import engine
from reservations.models import StockItem
from tests.factories import (
    by_id,
    database_now,
    hold,
    item,
    make_shop,
    numbers,
    stock_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_count_of_a_new_sku_makes_its_stock_item_with_a_ledger_row() -> None:
    shop = make_shop()
    counted = engine.apply_count(shop.pk, "NEW", 0)
    assert (counted.applied, counted.available) == (True, 0)
    assert item(shop, "NEW").movements.get().kind == "count"


def test_a_count_below_what_is_held_is_a_shortfall_and_not_an_error() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    hold(shop, quantity=4)
    assert engine.apply_count(shop.pk, "SKU-1", 1).available == -3
    with pytest.raises(engine.OutOfStock) as refusal:
        hold(shop)
    assert refusal.value.lines[0].available == 0


def test_a_hold_that_a_low_count_overtook_can_still_be_confirmed() -> None:
    shop = make_shop()
    stock_of(shop, 1)
    held = hold(shop)
    stock_of(shop, 0)
    assert engine.confirm(shop.pk, by_id(held))[0].status == "confirmed"


def test_a_count_shows_the_sales_from_before_its_read_and_not_those_after() -> None:
    shop = make_shop()
    stock_of(shop, 10)
    engine.confirm(shop.pk, by_id(hold(shop, quantity=2)))
    read_started_at = database_now()
    engine.confirm(shop.pk, by_id(hold(shop, quantity=3)))
    engine.apply_count(shop.pk, "SKU-1", 8, read_started_at=read_started_at)
    assert numbers(shop) == (8, 0, 3)


def test_an_older_count_never_replaces_a_newer_one() -> None:
    shop = make_shop()
    stock_of(shop, 10)
    old = engine.apply_count(shop.pk, "SKU-1", 99, read_started_at=database_now() - timedelta(minutes=5))
    assert (old.applied, old.on_hand) == (False, 10)


def test_a_count_that_changes_nothing_renews_its_age_without_a_ledger_row() -> None:
    shop = make_shop()
    stock_of(shop, 10)
    before = item(shop)
    stock_of(shop, 10)
    after = item(shop)
    assert after.ledger_position == before.ledger_position
    assert before.counted_at is not None and after.counted_at is not None and after.counted_at > before.counted_at


def test_counts_of_one_sku_in_two_shops_do_not_meet() -> None:
    shop, other = make_shop(), make_shop()
    stock_of(shop, 1)
    stock_of(other, 2)
    assert sorted(StockItem.objects.values_list("on_hand", flat=True)) == [1, 2]


def test_a_count_from_a_machine_whose_clock_runs_ahead_does_not_shut_out_the_next_one() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    tomorrow = database_now() + timedelta(days=1)
    assert engine.apply_count(shop.pk, "SKU-1", 4, read_started_at=tomorrow).applied
    assert engine.apply_count(shop.pk, "SKU-1", 3).applied
    assert numbers(shop) == (3, 0, 0)
