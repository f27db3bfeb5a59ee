"""The settings must name PostgreSQL under READ COMMITTED: the locking rules hold there and nowhere else."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from psycopg import IsolationLevel

from basico_stock.database import POSTGRESQL


@register(Tags.compatibility)
def database_is_postgresql(**_: Any) -> list[CheckMessage]:
    """SQLite and others ignore row locks, so no promise about the last unit would hold."""
    engine = settings.DATABASES["default"]["ENGINE"]
    if engine == POSTGRESQL:
        return []
    return [
        Error(
            f"DATABASE_URL leads to {engine}, which does not lock rows: use PostgreSQL.",
            hint="DATABASE_URL=postgresql://user:password@host/name",
            id="basico.E001",
        )
    ]


@register(Tags.compatibility)
def transactions_are_read_committed(**_: Any) -> list[CheckMessage]:
    """Under a stricter level the statement after a lock would still see the rows as they were before it."""
    level = settings.DATABASES["default"].get("OPTIONS", {}).get("isolation_level", IsolationLevel.READ_COMMITTED)
    if level == IsolationLevel.READ_COMMITTED:
        return []
    return [Error("Transactions must be READ COMMITTED: remove isolation_level.", id="basico.E002")]
