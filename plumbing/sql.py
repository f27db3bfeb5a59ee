"""Run statements that Django's models cannot express, on this thread's connection."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

Parameters = Sequence[Any] | Mapping[str, Any]
Row = tuple[Any, ...]


def execute(sql: str, parameters: Parameters = ()) -> int:
    """Run a statement; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def rows(sql: str, parameters: Parameters = ()) -> list[Row]:
    """Run a statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def first_row(sql: str, parameters: Parameters = ()) -> Row | None:
    """Run a statement and return its first row, None when it has none."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: Row | None = cursor.fetchone()
    return found


def one_row(sql: str, parameters: Parameters = ()) -> Row:
    """Run a statement that always returns a row, and return that."""
    found = first_row(sql, parameters)
    assert found is not None
    return found
