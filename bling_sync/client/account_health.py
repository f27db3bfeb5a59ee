"""How Bling has treated a shop lately, in its connection: when it last answered, until when we leave it alone."""

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

LONGEST_PAUSE_SECONDS = 20.0
# Nobody measured when Bling's day ends. One call tells, so we ask this often instead of sleeping a day through.
SPENT_DAY_SECONDS = 300.0
# At most one write per shop and interval, however many answers come.
NOTED_EVERY = timedelta(seconds=10)


def may_ask(shop_id: int) -> None:
    """Return if we may call Bling for this shop now. Raises Waiting."""
    waiting = Connection.objects.filter(shop_id=shop_id, wait_until__gt=Now())
    until = waiting.annotate(left=F("wait_until") - Now()).values_list("left", "last_error").first()
    if until is not None:
        raise Waiting(f"Bling is left alone for now: {until[1]}"[:300], until[0].total_seconds())


def answered(shop_id: int) -> None:
    """Note that Bling answered, and hold nothing back any more."""
    stale = Q(answered_at__isnull=True) | Q(answered_at__lt=Now() - NOTED_EVERY) | Q(failures__gt=0)
    rows = Connection.objects.filter(stale, shop_id=shop_id)
    rows.update(answered_at=Now(), failures=0, wait_until=None, last_error="")


def failed(shop_id: int, error: BlingError) -> None:
    """Note a failed call, and let the next ones wait: longer each time up to a minute, or minutes after a spent day."""
    if isinstance(error, AuthorizationLost | NotConnected | Waiting):
        return
    known = Connection.objects.filter(shop_id=shop_id).values_list("failures", flat=True).first()
    if known is None:
        return
    # Longer each time, so that an outage costs few calls; the chance keeps shops from coming back all at once.
    pause = min(LONGEST_PAUSE_SECONDS, 2.0 ** min(known, 10)) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
    if isinstance(error, NotApplied) and error.retry_after is not None:
        pause = error.retry_after
    if isinstance(error, OutcomeUnknown) and known == 0:
        # One lost answer says little about the next call: pause only from the second on.
        pause = 0.0
    # Bling is well and only counts: no failure, and the next second may have room.
    if isinstance(error, RateLimited) and not error.day:
        Connection.objects.filter(shop_id=shop_id).update(wait_until=Now() + timedelta(seconds=pause))
        return
    wait_until = Now() + timedelta(seconds=pause)
    rows = Connection.objects.filter(shop_id=shop_id)
    rows.update(failures=F("failures") + 1, wait_until=wait_until, last_error=str(error)[:500])
