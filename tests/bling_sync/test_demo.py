"""The demo shop connects itself to the stand-in on a laptop, and nowhere else."""

import pytest
from pytest_django import Settings

from bling_sync import demo_connection, shop_work
from bling_sync.models import Connection
from reservations.demo_shop import DEMO_DOMAIN
from reservations.models import Shop
from sandbox.bling import RunningStandIn
from tests.bling_sync.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> Shop:
    return Shop.objects.create(domain=DEMO_DOMAIN)


def test_the_demo_shop_is_connected_and_imported_by_itself(bling: RunningStandIn, shop: Shop) -> None:
    assert demo_connection.connect_if_sandbox()
    while shop_work.go_on_importing(shop.pk):
        pass
    world = World(bling, shop)
    assert world.stock().on_hand == 10
    world.buy(quantity=2)
    world.push()
    assert world.in_bling() == (8, 8)
    assert not demo_connection.connect_if_sandbox()


def test_a_stand_in_that_was_started_anew_is_asked_again(bling: RunningStandIn, shop: Shop) -> None:
    demo_connection.connect_if_sandbox()
    Connection.objects.update(state="authorization_lost")
    assert demo_connection.connect_if_sandbox()
    assert Connection.objects.get(shop=shop).state == "connected"


def test_a_shop_that_a_person_disconnected_stays_so(bling: RunningStandIn, shop: Shop) -> None:
    demo_connection.connect_if_sandbox()
    Connection.objects.update(state="disconnected")
    assert not demo_connection.connect_if_sandbox()


@pytest.mark.parametrize("off", ["SANDBOX", "DEVELOPMENT"])
def test_nothing_connects_itself_outside_a_sandbox(
    bling: RunningStandIn, shop: Shop, settings: Settings, off: str
) -> None:
    setattr(settings, off, False)
    assert not demo_connection.connect_if_sandbox()
    assert bling.control.get("requests")["requests"] == []


def test_a_stand_in_that_does_not_answer_yet_is_waited_for(shop: Shop, settings: Settings) -> None:
    settings.BLING_AUTHORIZE_URL = "http://127.0.0.1:1/authorize"
    assert not demo_connection.connect_if_sandbox()
