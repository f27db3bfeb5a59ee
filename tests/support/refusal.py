"""A statement that the database itself refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import Error, connection


@contextmanager
def refused(sqlstate: str) -> Iterator[None]:
    """What runs in here ends in an error with this SQLSTATE, by which programs know the rule that it broke."""
    with pytest.raises(Error) as refusal:
        yield
    cause = refusal.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.sqlstate == sqlstate, cause


def run(sql: str, *parameters: Any) -> int:
    """Run one statement in its own transaction (or the caller's); the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)
