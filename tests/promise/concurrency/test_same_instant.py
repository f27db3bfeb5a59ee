"""Two callers want different things of one hold in the same instant: it ends once, and each hears the truth."""

import random
from collections.abc import Callable
from functools import partial

import pytest

from reservations import engine
from reservations.models import Shop
from tests.factories import hold, make_shop, numbers, stock_of
from tests.support.duel import confirm, die_within, end_of, expire, extend, release
from tests.support.rendezvous import at_once, raised, returned

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 50
# How long a hold still lives when two callers race with its end: about as long as they need.
DYING_MILLISECONDS = 8.0

Action = Callable[[Shop, engine.Reservation], str]
# The callers' answers, and what became of the hold.
Story = tuple[str, ...]


def stories(shop: Shop, *actions: Action, dying: random.Random | None = None) -> set[Story]:
    """Let these callers race for one hold, round after round, and return each story; fail if units appear or vanish."""
    told = set()
    for number in range(ROUNDS):
        sku = stock_of(shop, 1, f"SKU-{number}")
        held = hold(shop, sku)
        if dying:
            die_within(shop, held, DYING_MILLISECONDS, dying)
        outcomes = at_once([partial(action, shop, held) for action in actions])
        assert raised(outcomes) == []
        end = end_of(shop, held.reservation_id)
        assert numbers(shop, sku) == (1, int(end == "active"), int(end == "confirmed"))
        told.add((*returned(outcomes), end))
    assert engine.audit(shop.pk) == []
    return told


@pytest.fixture
def chance() -> random.Random:
    """Random choices that can be repeated: a failing test prints the seed."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    return random.Random(seed)


def test_a_hold_that_is_confirmed_and_released_at_once_ends_in_one_of_the_two_ways() -> None:
    assert stories(make_shop(), confirm, release) <= {
        ("ok", "reservation_confirmed", "confirmed"),
        ("reservation_released", "ok", "released"),
    }


def test_a_hold_that_is_confirmed_by_four_at_once_is_sold_once_and_all_are_told_yes() -> None:
    assert stories(make_shop(), *[confirm] * 4) == {("ok", "ok", "ok", "ok", "confirmed")}


def test_a_hold_that_is_released_by_four_at_once_gives_its_unit_back_once() -> None:
    assert stories(make_shop(), *[release] * 4) == {("ok", "ok", "ok", "ok", "released")}


def test_a_hold_that_is_extended_and_released_at_once_is_released() -> None:
    assert stories(make_shop(), extend, release) <= {
        ("ok", "ok", "released"),
        ("reservation_released", "ok", "released"),
    }


def test_a_hold_that_is_extended_and_confirmed_at_once_is_confirmed() -> None:
    assert stories(make_shop(), extend, confirm) <= {
        ("ok", "ok", "confirmed"),
        ("reservation_confirmed", "ok", "confirmed"),
    }


def test_a_dying_hold_is_confirmed_or_expired_and_never_both(chance: random.Random) -> None:
    assert stories(make_shop(), confirm, expire, dying=chance) <= {
        ("ok", "ok", "confirmed"),
        ("reservation_expired", "ok", "expired"),
    }


def test_a_dying_hold_is_extended_or_expired_and_never_revived(chance: random.Random) -> None:
    assert stories(make_shop(), extend, expire, dying=chance) <= {
        ("ok", "ok", "active"),
        ("reservation_expired", "ok", "expired"),
    }


def test_a_dying_hold_that_everybody_wants_something_of_ends_once(chance: random.Random) -> None:
    told = stories(make_shop(), confirm, release, extend, expire, expire, dying=chance)
    for confirmed, released, _, _, _, end in told:
        assert {"confirmed": confirmed, "released": released}.get(end, "ok") == "ok"
        assert end in ("confirmed", "released", "expired")
        assert (confirmed == "ok", released == "ok") == (end == "confirmed", end == "released")


def test_a_reader_finds_a_dying_hold_alive_or_dead_and_nothing_in_between(chance: random.Random) -> None:
    shop = make_shop()
    for number in range(20):
        held = hold(shop, stock_of(shop, 1, f"SKU-{number}"))
        die_within(shop, held, DYING_MILLISECONDS, chance)
        seen = [engine.reservation(shop.pk, held.reservation_id)]
        while seen[-1].status == "active":
            seen.append(engine.reservation(shop.pk, held.reservation_id))
        assert all((one.status == "active") == (one.ended_at is None) for one in seen)
        assert seen[-1].status == "expired"
