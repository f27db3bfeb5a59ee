"""The engine sells the last unit once, however many want it in the same instant."""

from functools import partial

import pytest

from reservations import engine
from reservations.models import Shop
from tests.factories import hold, make_shop, numbers, stock_of
from tests.support.rendezvous import RACE_ROUNDS, at_once, raised, returned

pytestmark = pytest.mark.django_db(transaction=True)


def race(shop: Shop, sku: str, buyers: int) -> int:
    """How many of `buyers` got a unit; fails unless each of the others heard that none was left."""
    outcomes = at_once([partial(hold, shop, sku)] * buyers)
    refusals = raised(outcomes)
    assert all(isinstance(refusal, engine.OutOfStock) for refusal in refusals), refusals
    return len(returned(outcomes))


def test_one_of_fifty_buyers_gets_the_last_unit_in_every_round() -> None:
    shop = make_shop()
    for number in range(RACE_ROUNDS):
        sku = stock_of(shop, 1, f"LAST-{number}")
        assert race(shop, sku, buyers=50) == 1
        assert numbers(shop, sku) == (1, 1, 0)
    assert engine.audit(shop.pk) == []


def test_ten_of_forty_buyers_get_the_ten_units() -> None:
    shop = make_shop()
    for number in range(20):
        sku = stock_of(shop, 10, f"TEN-{number}")
        assert race(shop, sku, buyers=40) == 10
        assert numbers(shop, sku) == (10, 10, 0)
    assert engine.audit(shop.pk) == []


def test_a_unit_that_is_free_is_never_refused_to_all_who_want_it() -> None:
    shop = make_shop()
    sku = stock_of(shop, 1)
    for _ in range(30):
        outcomes = at_once([partial(hold, shop, sku)] * 4)
        winner = returned(outcomes)
        assert len(winner) == 1
        engine.release(shop.pk, engine.ByIds((winner[0].reservation_id,)))
    assert engine.audit(shop.pk) == []
