"""How the service connects to PostgreSQL: one bounded pool per process, limits on every wait.

Few connections write for many threads: one transaction carries many requests for one SKU, so a pool of 8 serves a
process of 16 threads or more, and two such processes stay far below PostgreSQL's usual limit of 100 connections.
`DATABASE_POOL_SIZE=0` keeps one connection per thread instead (as the Celery worker does: one thread per process).

A connection pooler in transaction mode (PgBouncer) keeps no session state and refuses start-up options. With
`DATABASE_VIA_PGBOUNCER=1` we send none and prepare nothing on the server; give the role its limits once:
`ALTER ROLE ... SET lock_timeout = '2s'`, `statement_timeout = '3s'`, `idle_in_transaction_session_timeout = '10s'`.
"""

from typing import Any

from basico_stock.bounded_connection import BoundedConnection
from basico_stock.environment import Environment

POSTGRESQL = "django.db.backends.postgresql"
LOCK_TIMEOUT_MS = 2_000
STATEMENT_TIMEOUT_MS = 3_000
IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000
POOL_WAIT_SECONDS = 3
CONNECT_SECONDS = 5
# We notice a peer that vanished without a word within about 20 seconds: 10 idle, then two probes 5 seconds apart.
KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2, "tcp_user_timeout": 20_000}


def configuration(env: Environment) -> dict[str, Any]:
    """Return Django's DATABASES["default"] for `DATABASE_URL` and its companions."""
    database: dict[str, Any] = dict(env.db_url_config(env.text("DATABASE_URL")))
    if database["ENGINE"] != POSTGRESQL:
        # A system check refuses it in words (basico.E001); with PostgreSQL's options it would fail before that.
        return database
    given = dict(database.pop("OPTIONS", {}))
    # postgresql://user@/name?host=/socket/directory: Django's own tools read HOST and not OPTIONS.
    database["HOST"] = given.pop("host", "") or database.get("HOST", "")
    via_pgbouncer = env.bool("DATABASE_VIA_PGBOUNCER", default=False)
    pool_size = env.int("DATABASE_POOL_SIZE", default=8)
    return database | {
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 0 if pool_size else None,
        "DISABLE_SERVER_SIDE_CURSORS": via_pgbouncer,
        "OPTIONS": {
            "connect_timeout": CONNECT_SECONDS,
            "isolation_level": _read_committed(),
            "prepare_threshold": None if via_pgbouncer else env.int("DATABASE_PREPARE_THRESHOLD", default=5),
            **KEEPALIVES,
            **({} if via_pgbouncer else {"options": _session_limits(env)}),
            **({"pool": _pool(pool_size)} if pool_size else {}),
            **given,
        },
    }


def _read_committed() -> object:
    from psycopg import IsolationLevel

    return IsolationLevel.READ_COMMITTED


def _session_limits(env: Environment) -> str:
    limits = {
        "default_transaction_isolation": r"read\ committed",
        "lock_timeout": LOCK_TIMEOUT_MS,
        # Migrations set 0: they may take their time.
        "statement_timeout": env.int("DATABASE_STATEMENT_TIMEOUT_MS", default=STATEMENT_TIMEOUT_MS),
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_TIMEOUT_MS,
    }
    return " ".join(f"-c {name}={value}" for name, value in limits.items())


def _pool(size: int) -> dict[str, Any]:
    return {
        "connection_class": BoundedConnection,
        "min_size": 1,
        "max_size": size,
        "timeout": POOL_WAIT_SECONDS,
        "max_idle": 300,
        "name": "default",
    }
