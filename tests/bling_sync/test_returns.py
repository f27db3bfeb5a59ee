"""Returns: we cancel units that Bling has not heard of, and book the others back in."""

import pytest

from bling_sync.models import Push
from reservations import engine
from tests.bling_sync.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(world: World) -> list[tuple[str, str, int]]:
    """The kind, state and units of each push."""
    return [(push.kind, push.state, push.units) for push in Push.objects.filter(shop=world.shop).order_by("pk")]


def test_a_sale_that_was_returned_before_it_was_told_is_never_told(world: World) -> None:
    push = world.buy(quantity=2)
    world.give_back(push, 2)
    world.push()
    assert world.movements() == []
    assert kinds(world) == [("sale", "cancelled", 0)]
    world.read()
    assert world.stock().available == 10


def test_a_part_that_was_returned_before_it_was_told_lowers_what_is_told(world: World) -> None:
    world.give_back(world.buy(quantity=3), 1)
    world.push()
    assert world.in_bling() == (8, 8)
    world.read()
    assert world.stock().available == 8


def test_a_return_after_the_sale_was_told_is_booked_back_in(world: World) -> None:
    push = world.buy(quantity=3)
    world.push()
    world.give_back(push, 2)
    assert world.stock().available == 9
    world.push()
    assert world.in_bling() == (9, 9)
    world.read()
    assert (world.stock().on_hand, world.stock().in_flight) == (9, 0)
    assert engine.audit(world.shop.pk) == []


def test_a_return_waits_until_the_lost_answer_of_its_sale_is_settled(world: World) -> None:
    world.bling.control.post("webhooks", lost=1.0)
    world.fault("cut_after")
    push = world.buy(quantity=3)
    world.push()
    world.give_back(push, 3)
    world.push()
    assert kinds(world) == [("sale", "unknown", 3), ("return", "pending", 3)]
    world.read()
    world.push()
    assert world.in_bling() == (10, 10)


def test_a_return_whose_answer_was_lost_is_not_sold_until_bling_shows_it(world: World) -> None:
    world.bling.control.post("webhooks", lost=1.0)
    push = world.buy(quantity=3)
    world.push()
    world.read()
    world.give_back(push, 3)
    world.fault("error_before")
    world.push()
    world.bling.control.post("faults", kind="error_before", on="GET /estoques", times=None)
    assert kinds(world)[1] == ("return", "unknown", 3)
    engine.apply_count(world.shop.pk, "SKU-BZC-001", 7)
    assert world.stock().available == 7


def test_the_same_return_told_twice_moves_the_units_once(world: World) -> None:
    push = world.buy(quantity=3)
    world.push()
    for _ in range(2):
        world.keep(push, 2)
    world.push()
    assert world.in_bling() == (8, 8)


def test_a_refused_sale_that_is_returned_has_nothing_left_to_tell(world: World) -> None:
    world.bling.control.post("products/change", sku="SKU-BZC-001", lot_controlled=True)
    push = world.buy(quantity=2)
    world.push()
    assert kinds(world) == [("sale", "failed", 2)]
    world.give_back(push, 2)
    assert kinds(world) == [("sale", "cancelled", 0)]
