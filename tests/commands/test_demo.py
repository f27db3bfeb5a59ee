"""The demo shop and its sign-in: there for a newcomer, never in production."""

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from reservations import demo_shop, engine
from reservations.models import ApiKey, Shop, hash_key
from tests.factories import hold, make_shop
from tests.support.rendezvous import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_newcomer_finds_the_demo_shop_with_its_stock_and_key() -> None:
    demo_shop.ensure_demo_shop()
    shop = Shop.objects.get(domain="bazico-demo.myshopify.com")
    assert [engine.stock(shop.pk, sku).available for sku in ("SKU-BZC-001", "SKU-BZC-002")] == [10, 5]
    assert ApiKey.objects.get(hash=hash_key("demo-key")).shop == shop


def test_a_second_start_changes_nothing_that_the_newcomer_did() -> None:
    demo_shop.ensure_demo_shop()
    shop = Shop.objects.get()
    hold(shop, "SKU-BZC-001")
    demo_shop.ensure_demo_shop()
    assert engine.stock(shop.pk, "SKU-BZC-001").available == 9
    assert Shop.objects.count() == 1


def test_a_machine_with_a_shop_of_its_own_gets_no_demo_shop() -> None:
    shop = make_shop()
    demo_shop.ensure_demo_shop()
    assert list(Shop.objects.all()) == [shop]


def test_starts_at_the_same_instant_make_one_demo() -> None:
    assert at_once([demo_shop.ensure_demo_shop, demo_shop.ensure_demo_admin] * 3) == [None] * 6
    assert (Shop.objects.count(), get_user_model().objects.count()) == (1, 1)
    assert engine.audit(Shop.objects.get().pk) == []


@override_settings(DEMO_HOLD_SECONDS=7_200, DEMO_API_KEY="another-key")
def test_the_demo_takes_its_hold_and_its_key_from_the_settings() -> None:
    demo_shop.ensure_demo_shop()
    held = hold(Shop.objects.get(), "SKU-BZC-001")
    assert (held.expires_at - held.created_at).total_seconds() == 7_200
    assert ApiKey.objects.filter(hash=hash_key("another-key")).exists()


@pytest.mark.parametrize("mistake", [{"DEMO_HOLD_SECONDS": 0}, {"DEMO_HOLD_SECONDS": 10**9}, {"DEMO_API_KEY": "short"}])
def test_a_demo_that_cannot_be_made_is_refused_whole(mistake: dict[str, object]) -> None:
    with override_settings(**mistake), pytest.raises(ImproperlyConfigured, match="The demo shop cannot be made"):
        demo_shop.ensure_demo_shop()
    assert not Shop.objects.exists()


def test_the_demo_sign_in_opens_the_admin_of_a_laptop() -> None:
    demo_shop.ensure_demo_admin()
    user = authenticate(username="demo", password="demo")
    assert user is not None
    assert user.is_staff
    assert user.is_superuser


def test_where_somebody_can_sign_in_already_there_is_no_demo_sign_in() -> None:
    get_user_model().objects.create_superuser("ana", password="a-long-password")
    demo_shop.ensure_demo_admin()
    assert authenticate(username="demo", password="demo") is None


@override_settings(DEVELOPMENT=False)
def test_production_has_neither_demo_shop_nor_demo_sign_in() -> None:
    for ensure in (demo_shop.ensure_demo_shop, demo_shop.ensure_demo_admin):
        with pytest.raises(ImproperlyConfigured, match="development machine"):
            ensure()
    assert not Shop.objects.exists()
    assert not get_user_model().objects.exists()
