"""Audit: it recomputes every counter and names every difference."""

import pytest
from django.db import connection

from reservations import engine
from tests.factories import by_id, hold, make_shop, outlive, settle_order, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


def break_rules(sql: str, *parameters: int) -> None:
    """Change rows behind the back of every trigger, as a careless repair by hand would."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, parameters)
        cursor.execute("RESET session_replication_role")


def test_a_shop_with_every_kind_of_movement_adds_up() -> None:
    shop = make_shop()
    stock_of(shop, 20)
    confirmed, released, dead = hold(shop, quantity=2), hold(shop), hold(shop)
    engine.confirm(shop.pk, by_id(confirmed), order_id="1")
    engine.release(shop.pk, by_id(released))
    outlive(dead)
    engine.expire(shop.pk)
    engine.extend(shop.pk, by_id(hold(shop)))
    settle_order(shop, "2", 30)
    # The unit that comes back goes to the order that lacks it.
    settle_order(shop, "1", 1)
    stock_of(shop, 3)
    assert engine.audit(shop.pk) == []


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        (
            "UPDATE reservations_stockitem SET reserved = reserved + 1 WHERE shop_id = %s",
            "reserved differs from its active reservations",
        ),
        (
            "UPDATE reservations_stockitem SET on_hand = on_hand + 1 WHERE shop_id = %s",
            "stock differs from the sum of its ledger",
        ),
        (
            "DELETE FROM reservations_stockmovement WHERE shop_id = %s AND position = 2",
            "a ledger row does not continue the one before it",
        ),
        (
            "UPDATE reservations_reservation SET quantity = 2 WHERE shop_id = %s AND status = 'confirmed'",
            "sales differ from the ledger",
        ),
    ],
)
def test_a_difference_is_found_and_named(sql: str, problem: str) -> None:
    shop, healthy = make_shop(), make_shop()
    for each in (shop, healthy):
        stock_of(each, 5)
        engine.confirm(each.pk, by_id(hold(each)))
        hold(each)
    break_rules(sql, shop.pk)
    assert problem in {finding.problem for finding in engine.audit(shop.pk)}
    assert engine.audit(healthy.pk) == []
