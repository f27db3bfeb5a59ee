"""Takes away, for a moment, what the promise stands on: the lock, and the database's rules behind it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.models import QuerySet

from reservations.engine.book import locking
from reservations.models import StockItem

_POSITION_ONCE = "movement_one_row_per_position"
_TABLES = ("reservations_stockitem", "reservations_stockmovement", "reservations_reservation")


def _no_lock(rows: QuerySet[StockItem], *, skip_locked: bool = False) -> QuerySet[StockItem]:
    return rows


@contextmanager
def without_lock() -> Iterator[None]:
    """Let the engine read stock rows without locking them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locking, "for_update", _no_lock)
        locking.statement.cache_clear()
        try:
            yield
        finally:
            locking.statement.cache_clear()


@contextmanager
def without_database_rules() -> Iterator[None]:
    """Let the database accept two ledger rows for one position, and any balance; afterwards, empty the tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE reservations_stockmovement DROP CONSTRAINT {_POSITION_ONCE}")
        for table in _TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            yield
        finally:
            cursor.execute(f"TRUNCATE {', '.join(_TABLES)} CASCADE")
            for table in _TABLES:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(
                f"ALTER TABLE reservations_stockmovement ADD CONSTRAINT {_POSITION_ONCE}"
                " UNIQUE (shop_id, stock_item_id, position)"
            )
