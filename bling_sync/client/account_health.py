"""How Bling treats a shop lately, kept in its connection: when it last answered, and until when it is left alone."""

import random
from datetime import timedelta

from django.db.models import F, Q
from django.db.models.functions import Now

from bling_sync.errors import (
    AuthorizationLost,
    BlingError,
    NotApplied,
    NotConnected,
    OutcomeUnknown,
    RateLimited,
    Waiting,
)
from bling_sync.models import Connection

LONGEST_PAUSE_SECONDS = 60.0
# When Bling's day ends was never measured, and one call tells: a spent day is asked after so often, not slept through.
SPENT_DAY_SECONDS = 300.0
# Not every answer has to be written down.
NOTED_EVERY = timedelta(seconds=10)


def may_ask(shop_id: int) -> None:
    """Return if Bling may be asked for this shop now. Raises Waiting."""
    waiting = Connection.objects.filter(shop_id=shop_id, wait_until__gt=Now())
    until = waiting.annotate(left=F("wait_until") - Now()).values_list("left", "last_error").first()
    if until is not None:
        raise Waiting(f"Bling is left alone for now: {until[1]}"[:300], until[0].total_seconds())


def answered(shop_id: int) -> None:
    """Bling answered: nothing is held back any more."""
    stale = Q(answered_at__isnull=True) | Q(answered_at__lt=Now() - NOTED_EVERY) | Q(failures__gt=0)
    rows = Connection.objects.filter(stale, shop_id=shop_id)
    rows.update(answered_at=Now(), failures=0, wait_until=None, last_error="")


def failed(shop_id: int, error: BlingError) -> None:
    """A call brought nothing: the next ones wait, longer each time up to a minute, after a spent day for minutes."""
    if isinstance(error, AuthorizationLost | NotConnected | Waiting):
        return
    known = Connection.objects.filter(shop_id=shop_id).values_list("failures", flat=True).first()
    if known is None:
        return
    pause = min(LONGEST_PAUSE_SECONDS, 2.0 ** min(known, 10)) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
    if isinstance(error, NotApplied) and error.retry_after is not None:
        pause = error.retry_after
    if isinstance(error, OutcomeUnknown) and known == 0:
        # One lost answer says little about the next call.
        pause = 0.0
    if isinstance(error, RateLimited) and not error.day:
        Connection.objects.filter(shop_id=shop_id).update(wait_until=Now() + timedelta(seconds=pause))
        return
    wait_until = Now() + timedelta(seconds=pause)
    rows = Connection.objects.filter(shop_id=shop_id)
    rows.update(failures=F("failures") + 1, wait_until=wait_until, last_error=str(error)[:500])
