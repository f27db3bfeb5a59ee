"""The statements that were sent, and what PostgreSQL reads for each by a plan of its own or a generic one."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from psycopg import sql
from psycopg.rows import tuple_row

from reservations.engine.book.transaction import Parameters, Statements

PLACEHOLDER = re.compile(r"%(?:%|s|\((\w+)\)s)")
_numbers = count(1)


@dataclass(frozen=True)
class Sent:
    """A statement, with its values; Django puts them into its own, so the server never has a generic plan for one."""

    text: str
    parameters: Parameters
    is_djangos: bool = False


@contextmanager
def recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Sent]]:
    """The statements that the engine and Django send in the block; what they did is undone at its end."""
    sent: list[Sent] = []
    queue = Statements.queue

    def queue_and_note(statements: Statements, text: str, parameters: Parameters = ()) -> psycopg.Cursor[Any]:
        sent.append(Sent(text, parameters))
        return queue(statements, text, parameters)

    def execute_and_note(execute: Callable[..., Any], text: str, parameters: Any, *rest: Any) -> Any:
        if text.lstrip().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            sent.append(Sent(text, parameters or (), is_djangos=True))
        return execute(text, parameters, *rest)

    with monkeypatch.context() as patch, transaction.atomic(), connection.execute_wrapper(execute_and_note):
        patch.setattr(Statements, "queue", queue_and_note)
        yield sent
        transaction.set_rollback(True)


def rows_read(statements: list[Sent], plan: str) -> dict[str, int]:
    """How many reservations each statement reads when they run one after the other; all is undone.

    `plan` is PostgreSQL's ``plan_cache_mode``: psycopg prepares what is sent often, and the server then may stop
    looking at the values.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL plan_cache_mode = {plan}")
        raw: psycopg.Connection[Any] = cursor.connection
        read = {sent.text: _read(raw, sent) for sent in statements if not sent.text.startswith("SET ")}
        transaction.set_rollback(True)
    return read


def _read(raw: psycopg.Connection[Any], statement: Sent) -> int:
    text, values = _numbered(statement)
    name = sql.Identifier(f"hot_{next(_numbers)}")
    raw.execute(sql.SQL("PREPARE {} AS {}").format(name, sql.SQL(text)))
    given = sql.SQL("({})").format(sql.SQL(", ").join(map(sql.Literal, values))) if values else sql.SQL("")
    explain = sql.SQL("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE {}{}").format(name, given)
    with psycopg.Cursor(raw, row_factory=tuple_row) as cursor:
        (plans,) = cursor.execute(explain).fetchone() or ([],)
    raw.execute(sql.SQL("DEALLOCATE {}").format(name))
    return sum(_rows(plan["Plan"]) for plan in plans)


def _numbered(statement: Sent) -> tuple[str, list[object]]:
    """The statement with the server's own placeholders, and a value for each."""
    values: list[object] = []

    def number(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return "%"
        given: Any = statement.parameters
        values.append(given[match[1]] if match[1] else given[len(values)])
        return f"${len(values)}"

    return PLACEHOLDER.sub(number, statement.text), values


def _rows(plan: dict[str, Any]) -> int:
    """The reservations that a plan's scans read, those that its filters threw away among them."""
    here = 0
    if plan.get("Relation Name") == "reservations_reservation" and "Scan" in plan["Node Type"]:
        removed = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
        here = round((plan["Actual Rows"] + removed) * plan["Actual Loops"])
    return here + sum(_rows(below) for below in plan.get("Plans", []))
