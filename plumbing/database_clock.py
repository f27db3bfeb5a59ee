"""The database's clock, which decides when anything stored begins or ends. Each process's own clock may differ."""

from datetime import datetime

from . import sql


def now() -> datetime:
    """The database's time at this very moment, even inside a transaction that began earlier."""
    moment: datetime = sql.one_row("SELECT clock_timestamp()")[0]
    return moment
