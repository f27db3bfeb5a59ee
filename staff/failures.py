"""How often somebody may fail to sign in, counted in PostgreSQL: the counters hold while Redis is away.

Only failures count. A try is written down before its password is looked at and struck out when the password is right:
so many guesses at the same moment are no more than the limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.db.models.functions import Now

from plumbing import database_clock

from .models import SignInFailure

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` failures under one name within `seconds`."""

    counted_as: str
    most: int
    seconds: int


class TooManyFailures(Exception):
    """A limit is reached; nothing was looked at."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def begin(limits: Sequence[Limit]) -> list[SignInFailure]:
    """Write down a try as failed, under each of `limits`. Raises TooManyFailures, and then nothing is written."""
    _refuse(limits, beyond=0)
    names = dict.fromkeys(limit.counted_as for limit in limits)
    noted = SignInFailure.objects.bulk_create([SignInFailure(counted_as=name) for name in names])
    try:
        # Others may have begun since the first look: of those at once, each counts all that were written before it.
        _refuse(limits, beyond=1)
    except TooManyFailures:
        strike_out(noted)
        raise
    SignInFailure.objects.filter(at__lt=Now() - KEPT).delete()
    return noted


def strike_out(noted: list[SignInFailure]) -> None:
    """The try succeeded: it was no failure."""
    SignInFailure.objects.filter(pk__in=[failure.pk for failure in noted]).delete()


def seconds_to_wait(limit: Limit) -> int:
    """0 when one more try may begin under this limit, else after how many seconds one may."""
    return _seconds(limit, beyond=0)


def _refuse(limits: Sequence[Limit], *, beyond: int) -> None:
    seconds = max((_seconds(limit, beyond=beyond) for limit in limits), default=0)
    if seconds:
        raise TooManyFailures(seconds)


def _seconds(limit: Limit, *, beyond: int) -> int:
    """How long until fewer than `most` failures, besides the newest `beyond`, lie within the limit's seconds."""
    window = timedelta(seconds=limit.seconds)
    failures = SignInFailure.objects.filter(counted_as=limit.counted_as, at__gt=Now() - window).order_by("-at")
    place = limit.most - 1 + beyond
    oldest = failures.values_list("at", flat=True)[place : place + 1].first()
    if oldest is None:
        return 0
    # Rounded up: a second too early would be refused again.
    return max(1, ceil((oldest + window - database_clock.now()).total_seconds()))
