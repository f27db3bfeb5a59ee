"""The database's clock, by which everything that is stored ends or began. A process's own clock may be another."""

from datetime import datetime

from . import sql


def now() -> datetime:
    """Ask the database what time it is: this very moment, also inside a transaction that began earlier."""
    moment: datetime = sql.one("SELECT clock_timestamp()")[0]
    return moment
