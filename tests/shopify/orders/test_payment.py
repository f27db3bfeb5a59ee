"""How a payment stands by what Shopify said of it: the same words, in any order, mean the same."""

from datetime import UTC, datetime
from itertools import permutations

import pytest

from reservations.models import Payment
from reservations.shopify.orders.payment import join, paid_since, standing


def at(second: int) -> datetime:
    return datetime(2026, 11, 24, 13, 0, second, tzinfo=UTC)


# A word and the second at which the order stood so.
Word = tuple[str, int]

LIVES: list[tuple[list[Word], Payment]] = [
    ([], Payment.UNKNOWN),
    ([("pending", 1)], Payment.PENDING),
    ([("paid", 1)], Payment.PAID),
    ([("authorized", 1)], Payment.PAID),
    ([("pending", 1), ("partially_paid", 2)], Payment.PAID),
    ([("pending", 1), ("paid", 2), ("partially_refunded", 3), ("refunded", 4)], Payment.PAID),
    ([("refunded", 4)], Payment.PAID),
    ([("pending", 1), ("voided", 2)], Payment.VOIDED),
    ([("pending", 1), ("expired", 2)], Payment.EXPIRED),
    # The gateway tells of a payment that came late.
    ([("pending", 1), ("expired", 2), ("paid", 3)], Payment.PAID),
    ([("pending", 1), ("expired", 2), ("paid", 2)], Payment.PAID),
    # Money that came is not taken back by a word that says it is awaited, later or not.
    ([("paid", 1), ("pending", 2)], Payment.PAID),
    ([("authorized", 1), ("pending", 2)], Payment.PAID),
    # An authorization that ended; one made after that counts again.
    ([("authorized", 1), ("voided", 2)], Payment.VOIDED),
    ([("authorized", 1), ("expired", 1)], Payment.EXPIRED),
    ([("authorized", 1), ("voided", 2), ("authorized", 3)], Payment.PAID),
    ([("authorized", 1), ("voided", 2), ("paid", 3)], Payment.PAID),
    # The buyer tries once more.
    ([("pending", 1), ("voided", 2), ("pending", 3)], Payment.PENDING),
    ([("authorized", 1), ("voided", 2), ("pending", 3)], Payment.PENDING),
    ([("pending", 1), ("voided", 1)], Payment.VOIDED),
    ([("pending", 1), ("never heard of", 2)], Payment.PENDING),
]


def told(life: tuple[Word, ...]) -> dict[str, str]:
    words: dict[str, str] = {}
    for status, second in life:
        words = join(words, status, at(second))
    return words


@pytest.mark.parametrize(("life", "expected"), LIVES, ids=lambda one: one if isinstance(one, str) else None)
def test_the_same_words_in_any_order_mean_the_same(life: list[Word], expected: Payment) -> None:
    for arrival in permutations(life):
        assert standing(told(arrival)) == expected, arrival
        assert told((*arrival, *arrival)) == told(tuple(life)), arrival


def test_a_word_without_a_time_is_older_than_any_other() -> None:
    words = join(join({}, "voided", None), "pending", at(1))
    assert standing(words) == Payment.PENDING


def test_an_order_that_awaited_its_payment_has_its_turn_from_the_first_word_of_it() -> None:
    life: list[Word] = [("pending", 1), ("partially_paid", 3), ("paid", 5), ("paid", 4)]
    for arrival in permutations(life):
        assert paid_since(told(arrival)) == at(3)
    assert paid_since(told((("paid", 1),))) is None
