"""The sale of a test order: Bling never hears of it, no reading shows it, and nobody calls that a difference."""

import pytest

from bling_sync.models import Difference, Push
from reservations import engine
from reservations.models import Reservation
from tests.bling_sync.world import FIRST, World
from tests.factories import settle_one

pytestmark = pytest.mark.django_db(transaction=True)


def settle(world: World, units: int, *, is_told: bool = False) -> None:
    """A test order of so many units, as it stands now."""
    line = engine.OrderLine(FIRST, units, 0)
    settle_one(world.shop.pk, engine.Order("7001", [line], is_told=is_told))


def test_bling_never_hears_of_it_and_its_units_stay_taken(world: World) -> None:
    settle(world, 2)
    world.push()
    assert world.movements() == []
    for _ in range(2):
        world.read()
        assert (world.stock().on_hand, world.stock().in_flight, world.stock().available) == (10, 2, 8)
    assert not Difference.objects.filter(shop=world.shop).exists()
    assert engine.audit(world.shop.pk) == []


def test_its_units_are_on_sale_again_when_it_is_cancelled(world: World) -> None:
    settle(world, 2)
    world.read()
    settle(world, 0)
    world.push()
    world.read()
    assert (world.movements(), world.stock().available) == ([], 10)
    assert Push.objects.get(shop=world.shop).state == "cancelled"
    assert Reservation.objects.get(shop=world.shop, order_id="7001").returned == 2


def test_bling_hears_of_it_where_the_shop_asks_for_that(world: World) -> None:
    settle(world, 2, is_told=True)
    world.push()
    assert world.in_bling() == (8, 8)


def test_what_is_sold_beside_it_reaches_bling_and_is_subtracted_once(world: World) -> None:
    settle(world, 2)
    world.buy(quantity=3)
    world.push()
    assert world.in_bling() == (7, 7)
    world.read()
    assert (world.stock().on_hand, world.stock().in_flight, world.stock().available) == (7, 2, 5)
