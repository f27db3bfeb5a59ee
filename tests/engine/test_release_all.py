"""Release all: a shop that leaves holds nothing any more."""

from uuid import uuid4

import pytest

from reservations import engine
from reservations.models import Reservation
from tests.factories import by_id, hold, make_shop, numbers, outlive, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_hold_of_the_shop_ends_and_no_sale_does() -> None:
    shop, other = make_shop(), make_shop()
    for sku in ("SKU-1", "SKU-2"):
        stock_of(shop, 5, sku)
        hold(shop, sku, cart=uuid4())
        hold(shop, sku)
    stock_of(other, 5)
    hold(other)
    engine.confirm(shop.pk, by_id(hold(shop)))
    assert engine.release_all(shop.pk, reason="app uninstalled") == 4
    assert (numbers(shop), numbers(shop, "SKU-2"), numbers(other)) == ((5, 0, 1), (5, 0, 0), (5, 1, 0))
    assert engine.audit(shop.pk) == []


def test_a_dead_hold_is_written_down_as_expired_and_not_as_released() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    outlive(hold(shop))
    hold(shop)
    engine.release_all(shop.pk)
    assert sorted(Reservation.objects.filter(shop=shop).values_list("status", flat=True)) == ["expired", "released"]


def test_more_skus_than_one_transaction_takes_are_all_released() -> None:
    shop = make_shop()
    for number in range(5):
        stock_of(shop, 1, f"SKU-{number}")
        hold(shop, f"SKU-{number}")
    assert engine.release_all(shop.pk, batch=2) == 5
    assert engine.release_all(shop.pk) == 0
