"""The same races without the lock and the rules: were they not lost then, to win them would prove nothing.

Three steps: with the lock the last unit is sold once; without it the database's rules still refuse the second sale,
at the price of failed requests; without those too it is sold twice.
"""

from functools import partial

import pytest
from django.db.models import F, Sum
from psycopg.errors import UniqueViolation

from reservations import engine
from reservations.engine.flash_sale.lane import Lane
from reservations.models import Shop, StockItem
from tests.factories import make_shop, stock_of
from tests.support.control import without_database_rules, without_lock
from tests.support.rendezvous import RACE_ROUNDS, at_once, raised

pytestmark = pytest.mark.django_db(transaction=True)

BUYERS = 8


@pytest.fixture(autouse=True)
def no_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no cart be small enough for the lane, where it would share a transaction with strangers."""
    monkeypatch.setattr(Lane, "most_skus", 0)


def race_for_last_units(shop: Shop) -> list[Exception]:
    """Let eight carts race for one unit, round after round; returns every error but the honest refusal.

    Each cart wants another SKU too. So, with group commit and no lane, they wait in queues of their own as if they
    had come to different processes, and nothing but the row's lock keeps them apart.
    """
    others = [stock_of(shop, RACE_ROUNDS, f"OTHER-{buyer}") for buyer in range(BUYERS)]
    defects = []
    for number in range(RACE_ROUNDS):
        last = stock_of(shop, 1, f"LAST-{number}")
        carts = [[engine.Line(last, 1), engine.Line(other, 1)] for other in others]
        outcomes = at_once([partial(engine.reserve, shop.pk, lines) for lines in carts])
        defects += [error for error in raised(outcomes) if not isinstance(error, engine.OutOfStock)]
    return defects


def oversold(shop: Shop) -> int:
    """The SKUs with more units held than were counted."""
    items = StockItem.objects.filter(shop=shop).annotate(held=Sum("reservations__quantity"))
    return items.filter(held__gt=F("on_hand")).count()


def test_with_the_lock_no_request_fails_and_nothing_is_oversold() -> None:
    shop = make_shop()
    assert race_for_last_units(shop) == []
    assert oversold(shop) == 0
    assert engine.audit(shop.pk) == []


def test_without_the_lock_the_database_refuses_the_second_sale() -> None:
    shop = make_shop()
    with without_lock():
        defects = race_for_last_units(shop)
    assert defects
    assert {type(defect) for defect in defects} == {UniqueViolation}
    assert oversold(shop) == 0
    assert engine.audit(shop.pk) == []


def test_without_the_lock_and_the_databases_rules_the_last_unit_is_sold_twice() -> None:
    shop = make_shop()
    with without_database_rules():
        with without_lock():
            defects = race_for_last_units(shop)
        assert defects == []
        assert oversold(shop)
        assert engine.audit(shop.pk)
