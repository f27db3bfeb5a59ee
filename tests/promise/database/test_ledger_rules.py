"""The database keeps the ledger's rules, whatever program writes to it."""

import pytest
from django.db import transaction

from reservations import engine
from tests.factories import hold, item, make_shop, stock_of
from tests.support.refusal import refused, run

pytestmark = pytest.mark.django_db(transaction=True)

APPEND_ONLY, BROKEN_CHAIN, STOCK_DIFFERS = "BZ001", "BZ002", "BZ003"
UNIQUE, CHECK, FOREIGN_KEY = "23505", "23514", "23503"

INSERT = """
INSERT INTO reservations_stockmovement (shop_id, stock_item_id, position, kind, on_hand_delta, reserved_delta,
    in_flight_delta, on_hand, reserved, in_flight, reference, at)
VALUES (%s, %s, %s, %s, 0, %s, 0, %s, %s, 0, '', clock_timestamp())
"""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reservations_stockmovement SET reference = 'rewritten'",
        "DELETE FROM reservations_stockmovement",
        "TRUNCATE reservations_stockmovement",
        "TRUNCATE reservations_stockitem CASCADE",
        "TRUNCATE reservations_shop CASCADE",
    ],
)
def test_the_ledger_refuses_every_statement_that_is_not_an_insert(statement: str) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    with refused(APPEND_ONLY):
        run(statement)
    assert item(shop).movements.count() == 1


def test_a_stock_row_that_moves_without_a_ledger_row_is_refused_at_commit() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    with refused(STOCK_DIFFERS), transaction.atomic():
        assert run("UPDATE reservations_stockitem SET on_hand = on_hand + 1 WHERE shop_id = %s", shop.pk) == 1
    assert item(shop).on_hand == 5


def test_a_stock_row_that_is_born_with_units_and_no_ledger_row_is_refused() -> None:
    shop = make_shop()
    with refused(STOCK_DIFFERS):
        run(
            "INSERT INTO reservations_stockitem"
            " (shop_id, sku, on_hand, reserved, in_flight, ledger_position, created_at)"
            " VALUES (%s, 'NEW', 5, 0, 0, 0, now())",
            shop.pk,
        )


def test_a_stock_row_that_goes_back_to_an_older_ledger_row_is_refused() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    hold(shop, quantity=2)
    with refused(STOCK_DIFFERS):
        run("UPDATE reservations_stockitem SET reserved = 0, ledger_position = 1 WHERE shop_id = %s", shop.pk)


def test_a_stock_row_that_forgets_its_whole_ledger_is_refused() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    with refused(STOCK_DIFFERS):
        run("UPDATE reservations_stockitem SET on_hand = 0, ledger_position = 0 WHERE shop_id = %s", shop.pk)


def test_a_ledger_row_without_its_stock_row_is_refused() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    with refused(BROKEN_CHAIN):
        run(INSERT, shop.pk, item(shop).pk, 2, "reserved", 1, 5, 1)


@pytest.mark.parametrize(
    ("position", "reserved_after"),
    [(3, 1), (2, 4)],
    ids=["leaves-a-gap", "balance-is-not-the-sum"],
)
def test_a_ledger_row_that_does_not_continue_the_one_before_is_refused(position: int, reserved_after: int) -> None:
    shop = make_shop()
    stock_of(shop, 5)
    with refused(BROKEN_CHAIN), transaction.atomic():
        run(
            "UPDATE reservations_stockitem SET reserved = %s, ledger_position = %s WHERE shop_id = %s",
            reserved_after,
            position,
            shop.pk,
        )
        run(INSERT, shop.pk, item(shop).pk, position, "reserved", 1, 5, reserved_after)


def test_a_second_ledger_row_for_one_position_is_refused() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    hold(shop)
    with refused(UNIQUE):
        run(INSERT, shop.pk, item(shop).pk, 2, "reserved", 1, 5, 1)


def test_a_ledger_row_of_another_shops_stock_is_refused() -> None:
    shop, other = make_shop(), make_shop()
    stock_of(shop, 5)
    with refused(FOREIGN_KEY):
        run(INSERT, other.pk, item(shop).pk, 2, "reserved", 1, 5, 1)


def test_reserved_units_below_zero_are_refused_whatever_writes_them() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    with refused(CHECK):
        run("UPDATE reservations_stockitem SET reserved = -1 WHERE shop_id = %s", shop.pk)


def test_a_count_below_what_is_held_is_no_offence() -> None:
    shop = make_shop()
    stock_of(shop, 5)
    hold(shop, quantity=4)
    engine.apply_count(shop.pk, "SKU-1", 1)
    assert item(shop).available == -3
