"""A statement that the database itself refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import Error, connection


@contextmanager
def refused(sqlstate: str) -> Iterator[None]:
    """Expect the block to end in a database error with this SQLSTATE, which names the broken rule."""
    with pytest.raises(Error) as refusal:
        yield
    cause = refusal.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.sqlstate == sqlstate, cause


def run(sql: str, *parameters: Any) -> int:
    """Run one statement, in the caller's transaction if there is one; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)
