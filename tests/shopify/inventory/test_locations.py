"""The shop's locations, by name."""

import pytest
from pytest_django import Settings

from reservations.shopify import tasks
from reservations.shopify.inventory.locations import note_locations
from sandbox.shopify import RunningStandIn
from tests.shopify.answering import answering
from tests.shopify.stores import installation, installed_shop

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]


def test_an_installation_learns_its_locations_and_keeps_them_while_shopify_refuses(
    shopify: RunningStandIn, settings: Settings
) -> None:
    shop = installed_shop(shopify)
    added = shopify.control.post("locations", shop=shop.domain, name="Ateliê")["id"]
    tasks.ensure_validation(shop.pk)
    known = installation(shop).locations or []
    assert {"id": added, "name": "Ateliê"} in known
    assert [one["name"] for one in known] == sorted(one["name"] for one in known)
    with answering(settings, 200, {"errors": [{"message": "Access denied"}]}):
        note_locations(shop.pk)
    assert installation(shop).locations == known
