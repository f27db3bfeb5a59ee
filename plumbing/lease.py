"""The right to do one piece of work, until a time of the database's clock.

The holder meanwhile calls an outside service, which may take seconds. It must keep no transaction, row lock or
connection for so long, so we write the right into a row, where it ends by itself: a process that dies with it blocks
nobody for longer than it asked for. ``docs/decisions/0009-leases.md`` says why it is no advisory lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Self
from uuid import uuid4

from django.db.models import DateTimeField, Func, Q, QuerySet


class ClockTimestamp(Func):
    """The database's time at this very moment; Django's Now() stands still while a statement waits for a row."""

    function = "clock_timestamp"
    output_field = DateTimeField()


def is_free(until: str) -> Q:
    """Matches rows whose column `until` says that nobody has them: never taken, given back, or over."""
    return Q(**{until: None}) | Q(**{f"{until}__lte": ClockTimestamp()})


def from_now(seconds: float) -> Any:
    """The database's time in `seconds` from now, to store as an end."""
    return ClockTimestamp() + timedelta(seconds=seconds)


class Lease:
    """One holder's lease on `rows`, whose columns named `holder` and `until` say who has it and how long.

    A holder that was too slow may have lost it. So it must write its result through :attr:`mine`, which matches no row
    from the moment in which another holder takes the lease.
    """

    def __init__(self, rows: QuerySet[Any], *, holder: str, until: str) -> None:
        """Name the rows and their columns; this takes nothing yet."""
        self.rows, self.holder, self.until, self.id = rows, holder, until, uuid4()

    @property
    def mine(self) -> QuerySet[Any]:
        """The rows, as far as no other holder has taken them."""
        return self.rows.filter(**{self.holder: self.id})

    def take(self, seconds: float) -> bool:
        """Take it for `seconds` from now; False when somebody has it."""
        # One UPDATE, so of two takers at once PostgreSQL lets the second look again, and it finds the row taken.
        free = self.rows.filter(is_free(self.until))
        return bool(free.update(**{self.holder: self.id, self.until: from_now(seconds)}))

    def renew(self, seconds: float) -> bool:
        """Keep it for `seconds` from now, before a step that may take long; False when another holder took it over."""
        return bool(self.mine.update(**{self.until: from_now(seconds)}))

    def give_back(self) -> None:
        """End it now, so that the next holder need not wait."""
        self.mine.update(**{self.holder: None, self.until: None})

    @contextmanager
    def held(self, seconds: float) -> Iterator[Self | None]:
        """Take it for `seconds` and give it back at the end; None when somebody else has it."""
        if not self.take(seconds):
            yield None
            return
        try:
            yield self
        finally:
            self.give_back()
