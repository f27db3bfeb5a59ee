"""A count by hand in a shop whose books Bling keeps."""

from decimal import Decimal

import pytest
from pytest_django import Settings

from tests.bling_sync.world import FIRST, World
from tests.factories import numbers
from tests.support.terminal import output_of

pytestmark = pytest.mark.django_db(transaction=True)

REPLACED = "Bling keeps this SKU's books: its next reading replaces the count."
TOLD = "Bling's stand-in was given the same count."


def balance(world: World) -> Decimal:
    """What Bling's stand-in has of the first SKU."""
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


def test_a_stand_in_that_is_away_stops_no_count(world: World, settings: Settings) -> None:
    settings.BLING_API_URL = "http://127.0.0.1:9/Api/v3"
    assert REPLACED in output_of("set_stock", FIRST, "3")
    assert numbers(world.shop, FIRST) == (3, 0, 0)
