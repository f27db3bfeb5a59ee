"""Recorded histories of many clients at once are linearizable, and the checker finds each mistake put into one."""

import random
from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from reservations import engine
from tests.factories import make_shop
from tests.support.control import without_database_rules, without_lock

from .checker import bounds, check
from .events import History
from .mistakes import MISTAKES
from .recorder import record

pytestmark = pytest.mark.django_db(transaction=True)

UNITS, CLIENTS, CALLS = 12, 8, 40


@pytest.fixture
def chance() -> random.Random:
    """Random choices that can be repeated: a failing test prints the seed."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    return random.Random(seed)


@pytest.mark.parametrize("written_together", [True, False], ids=["group-commit", "one-by-one"])
def test_the_engines_histories_are_linearizable(
    written_together: bool, settings: Settings, chance: random.Random
) -> None:
    settings.GROUP_COMMIT = written_together
    for _ in range(6):
        shop = make_shop()
        history = record(shop, chance, units=UNITS, clients=CLIENTS, calls=CALLS)
        assert len(history.events) == CLIENTS * CALLS
        assert check(history) == []
        assert engine.audit(shop.pk) == []


def test_the_clients_alone_can_tell_that_the_lock_is_gone(settings: Settings, chance: random.Random) -> None:
    settings.GROUP_COMMIT = False
    with without_database_rules():
        with without_lock():
            history = record(make_shop(), chance, units=UNITS, clients=CLIENTS, calls=CALLS, ends=0)
        assert list(bounds(history))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
def test_the_checker_catches_every_mistake_wherever_it_is_made(
    mistake: Callable[[History, random.Random], History], chance: random.Random
) -> None:
    history = record(make_shop(), chance, units=UNITS, clients=CLIENTS, calls=CALLS)
    assert check(history) == []
    blind = [number for number in range(100) if not check(mistake(history, chance))]
    assert blind == []
