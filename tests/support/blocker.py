"""Another program that locks what the engine needs, for as long as the test wants."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from reservations.models import Shop


@contextmanager
def holding(statement: str, *parameters: Any) -> Iterator[None]:
    """Run `statement` on a connection of its own, and keep its transaction open."""
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute(statement, parameters)
        yield
    finally:
        other.rollback()
        other.close()


@contextmanager
def holding_row(shop: Shop, sku: str = "SKU-1") -> Iterator[None]:
    """Lock the stock row of `sku`."""
    with holding("SELECT 1 FROM reservations_stockitem WHERE shop_id = %s AND sku = %s FOR UPDATE", shop.pk, sku):
        yield


@contextmanager
def holding_ledger() -> Iterator[None]:
    """Keep everybody from writing to the ledger: whoever has locked a row stops in the middle of writing."""
    with holding("LOCK TABLE reservations_stockmovement IN SHARE MODE"):
        yield
