"""A person gives a hold more time in the same instant as somebody else ends it."""

import random
from datetime import timedelta
from functools import partial

import pytest

from reservations import engine
from reservations.models import MovementKind, Shop, StockMovement
from tests.factories import hold, make_shop, numbers, stock_of
from tests.support.duel import answer, die_within, expire, release
from tests.support.rendezvous import at_once, raised, returned

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 30
DYING_MILLISECONDS = 8.0
MINUTE = timedelta(minutes=1)


def extend(shop: Shop, held: engine.Reservation) -> str:
    return answer(partial(engine.extend_by_hand, shop.pk, held.reservation_id, by="shopify:42", more=MINUTE))


def favours(shop: Shop, held: engine.Reservation) -> int:
    """How many extensions by hand the ledger has for the hold."""
    rows = StockMovement.objects.filter(shop=shop, reservation_id=held.reservation_id, kind=MovementKind.EXTENDED)
    return rows.count()


def test_two_favours_at_once_both_count_and_both_are_written_down() -> None:
    shop = make_shop()
    for number in range(ROUNDS):
        held = hold(shop, stock_of(shop, 1, f"SKU-{number}"))
        assert returned(at_once([partial(extend, shop, held)] * 2)) == ["ok", "ok"]
        assert engine.reservation(shop.pk, held.reservation_id).expires_at == held.expires_at + 2 * MINUTE
        assert favours(shop, held) == 2
    assert engine.audit(shop.pk) == []


def test_a_favour_in_the_instant_of_a_release_never_holds_a_unit_that_went_back() -> None:
    shop = make_shop()
    for number in range(ROUNDS):
        sku = stock_of(shop, 1, f"SKU-{number}")
        held = hold(shop, sku)
        told = returned(at_once([partial(extend, shop, held), partial(release, shop, held)]))
        assert told in (["ok", "ok"], ["reservation_released", "ok"])
        assert favours(shop, held) == int(told[0] == "ok")
        assert numbers(shop, sku) == (1, 0, 0)
    assert engine.audit(shop.pk) == []


def test_a_favour_in_the_instant_of_death_saves_the_hold_or_is_refused_and_nothing_between() -> None:
    shop, chance = make_shop(), random.Random(0)
    for number in range(ROUNDS):
        sku = stock_of(shop, 1, f"SKU-{number}")
        held = hold(shop, sku)
        die_within(shop, held, DYING_MILLISECONDS, chance)
        outcomes = at_once([partial(extend, shop, held), partial(expire, shop, held)])
        assert raised(outcomes) == []
        saved = returned(outcomes)[0] == "ok"
        now = engine.reservation(shop.pk, held.reservation_id)
        assert now.status == ("active" if saved else "expired")
        assert favours(shop, held) == int(saved)
        assert engine.stock(shop.pk, sku).available == int(not saved)
    assert engine.audit(shop.pk) == []
