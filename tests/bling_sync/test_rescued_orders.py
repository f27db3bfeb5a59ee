"""A paid order that gets its unit later: Bling hears of that sale once, like of any other."""

import pytest

from bling_sync.models import Push
from reservations import engine
from tests.bling_sync.world import FIRST, World
from tests.factories import outlive, settle_order

pytestmark = pytest.mark.django_db(transaction=True)


def test_bling_hears_once_of_a_unit_that_came_free_for_a_paid_order(world: World) -> None:
    (held,) = engine.reserve(world.shop.pk, [engine.Line(FIRST, 10)])
    settle_order(world.shop, "1001", 2, FIRST)
    assert not Push.objects.filter(shop=world.shop).exists()
    engine.release(world.shop.pk, engine.ByIds((held.reservation_id,)))
    (push,) = Push.objects.filter(shop=world.shop)
    assert (push.order_id, push.quantity, push.state) == ("1001", 2, "pending")
    world.push()
    assert world.in_bling() == (8, 8)
    engine.rescue(world.shop.pk)
    world.push()
    assert world.in_bling() == (8, 8)
    assert engine.audit(world.shop.pk) == []


def test_an_order_that_gets_its_unit_and_is_cancelled_in_one_transaction_is_never_told(world: World) -> None:
    (held,) = engine.reserve(world.shop.pk, [engine.Line(FIRST, 10)])
    settle_order(world.shop, "1001", 1, FIRST)
    outlive(held)
    settle_order(world.shop, "1001", 0, FIRST)
    world.push()
    assert world.movements() == []
    assert world.stock().available == 10
    assert engine.audit(world.shop.pk) == []
