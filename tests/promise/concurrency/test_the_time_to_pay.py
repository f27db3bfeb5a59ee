"""The moment at which an order's payment is due: of its payment, a buyer and the expiry job, one gets the unit.

``UNPAID_RACES`` says how many rounds (60 by default).
"""

import os
import random
from functools import partial

import pytest

from reservations import engine
from reservations.engine import Order, OrderLine
from reservations.models import Reservation, Shop, Shortfall, Status
from tests.factories import hold, hold_of_order, make_shop, numbers, settle_one, stock_of
from tests.support.duel import answer, die_within, expire
from tests.support.rendezvous import at_once, raised, returned

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = int(os.environ.get("UNPAID_RACES", "60"))
# How long the hold still lives when they begin: about as long as they need.
DYING_MILLISECONDS = 8.0


def pay(shop: Shop, sku: str, order_id: str) -> str:
    [line] = settle_one(shop.pk, Order(order_id, [OrderLine(sku, 1, 1)]))
    return "sold" if line.sold else "short"


def test_the_unit_of_an_unpaid_order_has_one_winner_when_its_payment_comes_as_it_is_due() -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance, shop, told = random.Random(seed), make_shop(), set()
    for number in range(ROUNDS):
        sku, order_id = stock_of(shop, 1, f"SKU-{number}"), str(number)
        held = hold_of_order(shop, order_id, sku)
        die_within(shop, held, DYING_MILLISECONDS, chance)
        outcomes = at_once(
            [partial(pay, shop, sku, order_id), partial(answer, partial(hold, shop, sku)), partial(expire, shop, held)]
        )
        assert raised(outcomes) == []
        paid, bought, _ = returned(outcomes)
        assert (paid, bought) in {("sold", "out_of_stock"), ("short", "ok")}, (number, paid, bought)
        assert numbers(shop, sku) == (1, int(bought == "ok"), int(paid == "sold"))
        lacking = Shortfall.objects.filter(shop=shop, order_id=order_id, quantity__gt=0).count()
        living = Reservation.objects.filter(shop=shop, stock_item__sku=sku, status=Status.ACTIVE).count()
        assert (lacking, living) == (int(paid == "short"), int(bought == "ok"))
        told.add(paid)
    print(f"{ROUNDS} rounds, told {sorted(told)}")
    assert engine.audit(shop.pk) == []
