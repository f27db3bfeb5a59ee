"""Forged proofs at every door. `FORGED_SIGNATURES=100000` sends so many to each; the suite sends thirty."""

import os
from random import Random

import pytest
from django.apps import apps

from reservations.models import Shop
from tests.attacks.doors import DOORS, Door
from tests.attacks.forgery import FORGERIES
from tests.attacks.tally import Tally
from tests.factories import stock_of
from tests.merchant.merchant import Merchant

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
    pytest.mark.timeout(7_200),
]
NUMBER = int(os.environ.get("FORGED_SIGNATURES", "30"))


def rows() -> dict[str, int]:
    """How many rows each table has."""
    return {model.__name__: model._default_manager.count() for model in apps.get_models()}


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_no_forged_proof_opens_a_door_or_leaves_a_trace(door: Door, tally: Tally) -> None:
    shop: Shop = Merchant().shop
    stock_of(shop, 5)
    kinds, chance = list(FORGERIES.values()), Random(16)
    # The genuine one opens: a door that is shut to everybody would prove nothing.
    assert door(shop, lambda _, genuine, __: genuine, chance).status() != 401 or door is DOORS["API keys"]
    before = rows()
    for number in range(NUMBER):
        knock = door(shop, kinds[number % len(kinds)], chance)
        status = knock.status()
        tally.heard(status)
        assert status == 401, (knock, status)
    assert rows() == before
