"""expire_reservations: the background job's round, by hand."""

import pytest

from tests.factories import hold, make_shop, numbers, outlive, stock_of
from tests.support.terminal import output_of

pytestmark = pytest.mark.django_db


def test_dead_holds_of_every_shop_are_written_down() -> None:
    shops = [make_shop() for _ in range(2)]
    for shop in shops:
        stock_of(shop, 5)
        outlive(hold(shop), hold(shop))
        hold(shop)
    assert output_of("expire_reservations") == "4 reservations expired.\n"
    assert [numbers(shop) for shop in shops] == [(5, 1, 0)] * 2


def test_a_round_without_dead_holds_expires_nothing() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    hold(shop)
    assert output_of("expire_reservations") == "0 reservations expired.\n"
