"""A count by hand in a shop that follows Bling."""

from decimal import Decimal
from typing import Any

import pytest
import requests
from pytest_django import Settings

from bling_sync.models import Connection
from reservations.models import Shop
from tests.bling_sync.world import FIRST, World
from tests.factories import numbers
from tests.support.terminal import output_of

pytestmark = pytest.mark.django_db(transaction=True)

REPLACED = "Bling keeps this SKU's books: its next reading replaces the count."
TOLD = "Bling's stand-in was given the same count."


def balance(world: World) -> Decimal:
    """The first SKU's balance at Bling's stand-in."""
    rows = world.bling.control.get("balances")["balances"]
    return next(Decimal(str(row["physical"])) for row in rows if row["sku"] == FIRST)


def test_a_laptops_stand_in_is_given_the_same_count_so_that_no_reading_undoes_it(world: World) -> None:
    assert TOLD in output_of("set_stock", FIRST, "3")
    assert balance(world) == 3
    world.buy()
    world.settle()
    assert numbers(world.shop, FIRST) == (2, 0, 0)


def test_with_the_real_bling_the_person_reads_who_keeps_the_books(world: World, settings: Settings) -> None:
    settings.SANDBOX = False
    assert REPLACED in output_of("set_stock", FIRST, "3")
    assert balance(world) == 10


def test_a_sku_that_bling_does_not_have_is_counted_in_silence(world: World) -> None:
    printed = output_of("set_stock", "OTHER", "3")
    assert TOLD not in printed
    assert REPLACED not in printed


def test_a_count_made_before_the_demo_shop_is_connected_outlives_its_first_import(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    Connection.objects.filter(shop=world.shop).delete()
    monkeypatch.setattr("bling_sync.manual_counts.DEMO_DOMAIN", world.shop.domain)
    assert TOLD in output_of("set_stock", FIRST, "1")
    assert balance(world) == 1


def test_another_shop_without_a_connection_is_no_business_of_the_stand_in(world: World) -> None:
    Connection.objects.filter(shop=world.shop).delete()
    Shop.objects.filter(pk=world.shop.pk).update(domain="somebody-else.myshopify.com")
    assert TOLD not in output_of("set_stock", FIRST, "1")
    assert balance(world) == 10


def test_a_stand_in_that_starts_a_moment_later_is_told_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody_listens_yet = [requests.ConnectionError(), requests.ConnectionError()]
    post = requests.post

    def attempt(*arguments: Any, **options: Any) -> requests.Response:
        if nobody_listens_yet:
            raise nobody_listens_yet.pop()
        return post(*arguments, **options)

    monkeypatch.setattr(requests, "post", attempt)
    assert TOLD in output_of("set_stock", FIRST, "3")
    assert balance(world) == 3


def test_a_stand_in_that_is_away_stops_no_count(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bling_sync.manual_counts._STAND_IN_STARTS_WITHIN_SECONDS", 0)
    settings.BLING_API_URL = "http://127.0.0.1:9/Api/v3"
    assert REPLACED in output_of("set_stock", FIRST, "3")
    assert numbers(world.shop, FIRST) == (3, 0, 0)
