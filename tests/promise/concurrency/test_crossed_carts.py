"""Carts that want the same SKUs in different orders wait for each other, but never in a circle."""

import random
from functools import partial
from uuid import uuid4

import pytest

from reservations import engine
from reservations.engine import Line
from reservations.models import Cart, Reservation, StockMovement
from tests.factories import make_shop, numbers, stock_of
from tests.support.rendezvous import at_once, raised, returned

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 200


def test_two_hundred_pairs_of_crossed_carts_meet_no_deadlock_and_no_error() -> None:
    shop = make_shop()
    for sku in "AB":
        stock_of(shop, 2 * ROUNDS, sku)
    for _ in range(ROUNDS):
        carts = [[Line("A", 1), Line("B", 1)], [Line("B", 1), Line("A", 1)]]
        outcomes = at_once([partial(engine.reserve, shop.pk, lines, cart_token=uuid4()) for lines in carts])
        assert raised(outcomes) == []
    assert numbers(shop, "A") == numbers(shop, "B") == (2 * ROUNDS, 2 * ROUNDS, 0)
    assert engine.audit(shop.pk) == []


def test_carts_of_many_skus_in_any_order_are_held_and_confirmed_without_a_deadlock() -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance, shop = random.Random(seed), make_shop()
    skus = [stock_of(shop, 1_000, f"SKU-{number}") for number in range(8)]

    def buy(lines: list[Line]) -> None:
        cart = uuid4()
        engine.reserve(shop.pk, lines, cart_token=cart)
        engine.confirm(shop.pk, engine.ByCart(cart))

    for _ in range(25):
        carts = [[Line(sku, 1) for sku in chance.sample(skus, chance.randint(2, 8))] for _ in range(8)]
        assert raised(at_once([partial(buy, lines) for lines in carts])) == []
    assert engine.audit(shop.pk) == []


def test_of_two_crossed_carts_for_the_last_pair_one_is_held_whole_and_the_other_leaves_no_trace() -> None:
    shop = make_shop()
    for number in range(50):
        a, b = stock_of(shop, 1, f"A{number}"), stock_of(shop, 1, f"B{number}")
        tokens = [uuid4(), uuid4()]
        carts = [[Line(a, 1), Line(b, 1)], [Line(b, 1), Line(a, 1)]]
        outcomes = at_once(
            [
                partial(engine.reserve, shop.pk, lines, cart_token=token)
                for lines, token in zip(carts, tokens, strict=True)
            ]
        )
        (held,) = returned(outcomes)
        (refusal,) = raised(outcomes)
        assert isinstance(refusal, engine.OutOfStock)
        assert {line.sku for line in refusal.lines} == {a, b}
        loser = tokens[outcomes.index(refusal)]
        assert not Reservation.objects.filter(shop=shop, cart_token=loser).exists()
        assert not Cart.objects.filter(shop=shop, token=loser).exists()
        rows = StockMovement.objects.filter(shop=shop, stock_item__sku__in=[a, b], kind="reserved")
        assert {row.reservation_id for row in rows} == {one.reservation_id for one in held}
    assert engine.audit(shop.pk) == []
