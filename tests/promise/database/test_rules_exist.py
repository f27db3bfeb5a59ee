"""A tool that copies a schema may lose its triggers in silence, so a test looks for each of them."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db

TRIGGERS = {
    ("reservations_stockmovement", "movement_append_only"),
    ("reservations_stockmovement", "movement_never_truncated"),
    ("reservations_stockmovement", "movement_continues"),
    ("reservations_stockitem", "stockitem_equals_ledger"),
    ("reservations_reservation", "reservation_ends_are_final"),
}
CONSTRAINTS = {
    "stockitem_one_row_per_sku",
    "stockitem_reserved_not_negative",
    "movement_one_row_per_position",
    "movement_reserved_not_negative",
    "movement_of_stockitem",
    "reservation_of_stockitem",
    "reservation_in_cart",
    "reservation_quantity_positive",
    "reservation_end_has_its_time",
    "reservation_returned_within_sale",
    "reservation_sold_before_is_returned",
    "shortfall_of_stockitem",
    "idempotency_key_once",
}
# Rows of no shop, and the two facts that must be unique over all shops because they name the shop.
UNIQUE_OVER_ALL_SHOPS = {"reservations_shop", "reservations_heartbeat"}
NAMES_THE_SHOP = {("reservations_apikey", ("id",)), ("reservations_apikey", ("hash",))}


def rows(sql: str, *parameters: Any) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def test_every_trigger_is_there_and_enabled() -> None:
    found = rows(
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
        " AND tgrelid::regclass::text LIKE 'reservations_%%'"
    )
    assert set(found) >= TRIGGERS


def test_the_stock_rows_trigger_waits_for_commit() -> None:
    found = rows(
        "SELECT condeferrable, condeferred FROM pg_constraint"
        " WHERE contype = 't' AND conname = 'stockitem_equals_ledger'"
    )
    assert found == [(True, True)]


def test_every_constraint_is_there_and_valid() -> None:
    found = {name for (name,) in rows("SELECT conname FROM pg_constraint WHERE convalidated")}
    assert found >= CONSTRAINTS


def test_one_live_hold_per_cart_and_sku_is_a_unique_index() -> None:
    (definition,) = rows("SELECT indexdef FROM pg_indexes WHERE indexname = 'reservation_one_hold_per_cart_and_sku'")
    assert "UNIQUE" in str(definition)
    assert "'active'" in str(definition)


def test_every_unique_rule_of_a_tenants_table_includes_the_shop() -> None:
    found = rows(
        """
        SELECT t.relname, i.relname, array_agg(a.attname ORDER BY a.attname)
        FROM pg_index AS x
        JOIN pg_class AS t ON t.oid = x.indrelid
        JOIN pg_class AS i ON i.oid = x.indexrelid
        JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = ANY(x.indkey)
        WHERE x.indisunique AND t.relname LIKE 'reservations\\_%%'
        GROUP BY 1, 2
        """
    )
    assert found
    offenders = [
        (table, index, columns)
        for table, index, columns in found
        if table not in UNIQUE_OVER_ALL_SHOPS
        and isinstance(columns, list)
        and "shop_id" not in columns
        and (table, tuple(columns)) not in NAMES_THE_SHOP
    ]
    assert offenders == []


def test_no_foreign_key_crosses_shops() -> None:
    found = rows(
        """
        SELECT c.conrelid::regclass::text, c.conname, c.confrelid::regclass::text, array_agg(a.attname::text)
        FROM pg_constraint AS c
        JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
        WHERE c.contype = 'f' AND c.conrelid::regclass::text LIKE 'reservations\\_%%' GROUP BY 1, 2, 3
        """
    )
    assert found
    assert all("shop_id" in columns for *_, columns in found if isinstance(columns, list)), found


def test_every_table_of_the_app_belongs_to_a_shop_or_is_known_to_belong_to_none() -> None:
    models = apps.get_app_config("reservations").get_models()
    tables = {m._meta.db_table for m in models if "shop" not in {field.name for field in m._meta.get_fields()}}
    assert tables <= UNIQUE_OVER_ALL_SHOPS
