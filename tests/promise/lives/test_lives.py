"""Whatever becomes of an order at Shopify, the stock here and what Bling hears end as Shopify's own books do."""

import os
from collections.abc import Iterable

import pytest

from sandbox.bling import RunningStandIn as Bling
from sandbox.shopify import RunningStandIn

from .life import Life, draw
from .shrink import shrink
from .world import Ended, live

LIVES = int(os.environ.get("LIVES", "60"))
FIRST = int(os.environ.get("LIVES_FIRST", "1"))
NUMBERS = range(FIRST, FIRST + LIVES)
PUBLISHING_SHARE, BLING_SHARE = 3, 30
# Failures that are made as short as a story; the others are told as they were.
MOST_STORIES = 3

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
    pytest.mark.timeout(240 + 6 * LIVES),
]


def told(ended: Ended) -> str:
    return "\n  ".join([f"life {ended.life.number}, units {ended.life.units}", *ended.story, *ended.wrong])


def failures(shopify: RunningStandIn, lives: Iterable[Life], bling: Bling | None = None) -> list[str]:
    """The stories of the lives that end wrong, each as short as it gets."""
    wrong = [ended for life in lives if (ended := live(shopify, life, bling=bling)).wrong]
    shrunk = [
        shrink(one.life, lambda life: bool(live(shopify, life, bling=bling).wrong)) for one in wrong[:MOST_STORIES]
    ]
    return [told(live(shopify, life, bling=bling)) for life in shrunk] + [told(one) for one in wrong[MOST_STORIES:]]


def test_every_life_ends_as_shopifys_own_books_do(shopify: RunningStandIn) -> None:
    failed = failures(shopify, [draw(number) for number in NUMBERS])
    assert not failed, "\n\n".join(failed)


def test_no_number_is_published_that_shopifys_own_books_contradict(shopify: RunningStandIn) -> None:
    lives = [draw(number, publishes=True) for number in NUMBERS[::PUBLISHING_SHARE]]
    failed = failures(shopify, lives)
    assert not failed, "\n\n".join(failed)


def test_bling_itself_books_what_each_life_deserves(shopify: RunningStandIn, bling: Bling) -> None:
    failed = failures(shopify, [draw(number) for number in NUMBERS[::BLING_SHARE]], bling)
    assert not failed, "\n\n".join(failed)
