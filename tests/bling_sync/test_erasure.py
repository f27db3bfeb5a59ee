"""Erasure: a shop that has left Shopify leaves nothing of its Bling behind."""

import pytest
from django.apps import apps
from django.db import transaction

from bling_sync.models import Connection, Difference, Push
from reservations import erasure
from reservations.models import InstallationState
from tests.bling_sync.world import FIRST, World
from tests.factories import make_shop
from tests.shopify.stores import mark_installed
from tests.shopify.webhooks.deliveries import process, send

pytestmark = pytest.mark.django_db(transaction=True)


def rows_of(shop_id: int) -> dict[str, int]:
    """How many rows the shop has in each of Bling's tables."""
    tenants = [m for m in apps.get_app_config("bling_sync").get_models() if "shop" in {f.name for f in m._meta.fields}]
    assert len(tenants) >= 9
    return {model.__name__: model._default_manager.filter(shop_id=shop_id).count() for model in tenants}


@pytest.fixture
def busy(world: World) -> World:
    """A shop with a row in every table: sales of each kind, events, a difference, an import."""
    world.buy(quantity=2)
    world.bling.control.post("movements", sku=FIRST, operation="B", quantity=4)
    world.settle()
    world.fault("cut_after")
    world.buy()
    world.push()
    world.buy()
    assert Difference.objects.filter(shop=world.shop).exists()
    assert set(world.states()) > {"unknown", "pending"}
    return world


def test_a_shop_that_shopify_redacts_keeps_no_row_of_bling_and_no_authorization(busy: World) -> None:
    mark_installed(busy.shop, state=InstallationState.UNINSTALLED)
    send(busy.shop, "shop/redact", {"shop_id": 1, "shop_domain": busy.shop.domain})
    process(busy.shop)
    assert not any(rows_of(busy.shop.pk).values()), rows_of(busy.shop.pk)
    assert busy.bling.control.get("accounts")["accounts"][0]["authorized"] is False


def test_an_erasure_that_is_rolled_back_ends_no_authorization(busy: World) -> None:
    before = rows_of(busy.shop.pk)
    with transaction.atomic():
        erasure.shop_is_erased(busy.shop.pk)
        transaction.set_rollback(True)
    assert rows_of(busy.shop.pk) == before
    assert busy.bling.control.get("accounts")["accounts"][0]["authorized"] is True


def test_an_erasure_while_bling_is_away_erases_all_the_same(busy: World) -> None:
    busy.fault("cut_before", on="POST /oauth/revoke")
    with transaction.atomic():
        erasure.shop_is_erased(busy.shop.pk)
    assert not any(rows_of(busy.shop.pk).values())


def test_the_erasure_of_one_shop_leaves_the_others_alone(busy: World) -> None:
    other = make_shop()
    with transaction.atomic():
        erasure.shop_is_erased(other.pk)
    assert Connection.objects.filter(shop=busy.shop).exists()
    assert Push.objects.filter(shop=busy.shop).exists()
