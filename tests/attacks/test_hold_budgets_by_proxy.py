"""The cheapest attack on a sale: hold everything, pay nothing. `ATTACKS=whole` sends 1,000 carts, the suite 30."""

import os
from uuid import uuid4

import pytest

from reservations.models import Shop
from tests.attacks.tally import Tally
from tests.factories import numbers, stock_of
from tests.merchant.merchant import Merchant
from tests.shopify.proxy.shopper import Shopper

pytestmark = pytest.mark.django_db(transaction=True)
CARTS = 1_000 if os.environ.get("ATTACKS") == "whole" else 30
UNITS = 40


@pytest.fixture
def sale() -> Shop:
    """A sale with a share for the anonymous, and none of the limits by the minute, which only slow a script."""
    shop = Merchant(anonymous_percent=60, requests_per_address=None, requests_per_cart=None).shop
    stock_of(shop, UNITS)
    return shop


def hold_all(script: Shopper, tally: Tally) -> None:
    """Ask for a unit in one new cart after the other."""
    for _ in range(CARTS):
        tally.heard(script.reserve(uuid4()).status_code)


def test_a_script_of_many_carts_holds_the_budget_of_its_address(sale: Shop, tally: Tally) -> None:
    hold_all(Shopper(sale), tally)
    assert 0 < numbers(sale)[1] <= sale.units_per_address < UNITS


def test_a_script_of_many_addresses_holds_the_share_of_the_anonymous_and_customers_buy_the_rest(
    sale: Shop, tally: Tally
) -> None:
    for number in range(CARTS):
        tally.heard(Shopper(sale, f"198.51.{number // 250}.{number % 250 + 1}").reserve(uuid4(), 2).status_code)
    held = numbers(sale)[1]
    assert 0 < held <= UNITS * sale.anonymous_percent // 100 < UNITS
    for number in range(held, UNITS):
        customer = Shopper(sale, f"203.0.113.{number}", customer=str(5_000 + number))
        assert customer.reserve(uuid4()).status_code == 200
    assert numbers(sale)[1] == UNITS
