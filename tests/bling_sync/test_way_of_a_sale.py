"""The way of a sale: confirmed here, booked out of Bling once, and read back."""

import pytest

from reservations import engine
from tests.bling_sync.world import FIRST, World

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_confirmed_sale_lowers_the_balance_in_bling_by_its_units(world: World) -> None:
    world.buy(quantity=3)
    world.push()
    assert world.in_bling() == (7, 7)
    assert [(row["operation"], row["quantity"]) for row in world.movements()] == [("S", 3)]


def test_a_sale_is_in_flight_until_a_later_reading_shows_it(world: World) -> None:
    world.buy(quantity=3)
    world.push()
    assert (world.stock().on_hand, world.stock().in_flight) == (10, 3)
    world.read()
    assert (world.stock().on_hand, world.stock().in_flight, world.stock().available) == (7, 0, 7)
    assert world.states() == {"settled": 1}
    assert engine.audit(world.shop.pk) == []


def test_the_note_in_bling_names_the_order_and_the_key_of_the_push(world: World) -> None:
    push = world.buy(order_id="1001")
    world.push()
    assert world.movements()[0]["note"] == f"Bázico: venda, pedido 1001 ({push.key})"


def test_what_is_held_or_released_is_never_told_to_bling(world: World) -> None:
    held = engine.reserve(world.shop.pk, [engine.Line(FIRST, 2)])[0]
    engine.release(world.shop.pk, engine.ByIds((held.reservation_id,)))
    world.push()
    assert world.movements() == []
