"""What a load cost: processor time of the server and of PostgreSQL, transactions, WAL, and the size of the batches."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import psutil
import psycopg

from bench.servers import SERVICE, Server, get

_DATABASE = """
SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_current_wal_insert_lsn() - '0/0'::pg_lsn
"""
_BATCH = re.compile(r"^bazico_group_commit_batch_size_(sum|count) ([0-9.e+]+)$", re.MULTILINE)


@dataclass(frozen=True)
class Reading:
    """The counters at one moment: seconds of processor time, transactions that wrote, bytes of WAL, batches."""

    server_cpu: float
    database_cpu: float
    transactions: float
    wal_bytes: float
    batches: float
    batched: float

    def __sub__(self, before: "Reading") -> "Reading":
        """The difference since `before`."""
        return Reading(*(now - then for now, then in zip(_figures(self), _figures(before), strict=True)))


def reader(server: Server, postgres: int, database: psycopg.Connection) -> Callable[[], Reading]:
    """Reads the counters for `server` and the PostgreSQL with this process id.

    Transactions are counted by their numbers (``pg_stat_database`` learns of a session's commits up to ten seconds
    late), so those that only read are left out.
    """

    def read() -> Reading:
        transactions, wal = database.execute(_DATABASE).fetchone() or (0, 0)
        batched, batches = _batches(server)
        return Reading(cpu_seconds(server.process.pid), cpu_seconds(postgres), transactions, int(wal), batches, batched)

    return read


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and of all its descendants, the ended ones that it waited for among them."""
    process = psutil.Process(pid)
    total = 0.0
    for member in [process, *process.children(recursive=True)]:
        try:
            times = member.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def commits(database: psycopg.Connection) -> int:
    """Transactions that PostgreSQL's own statistics know of, reading ones included; exact when no session is open."""
    row = database.execute("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()").fetchone()
    return int(row[0]) if row else 0


def _batches(server: Server) -> tuple[float, float]:
    if server.kind.environment or server.kind.name != SERVICE.name:
        return 0.0, 0.0
    found = dict(_BATCH.findall(get(server.port, "/metrics")[1]))
    return float(found.get("sum", 0)), float(found.get("count", 0))


def _figures(reading: Reading) -> tuple[float, ...]:
    return tuple(vars(reading).values())
