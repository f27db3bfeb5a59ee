"""Writes what became of a call. Only the attempt that made the call may write its outcome."""

import logging
import random
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now

from bling_sync import durations
from bling_sync.models import Push, PushEvidence, PushState
from bling_sync.reconcile import reading_schedule
from plumbing import database_clock, sql

from . import call

logger = logging.getLogger(__name__)

LONGEST_BACKOFF_SECONDS = 20.0
# Unknown and not pending: nobody can tell whether the worker died before Bling booked it or after.
_DEAD = """
WITH dead AS (
    UPDATE bling_sync_push SET state = 'unknown', unknown_at = clock_timestamp(), error = 'the worker that sent it died'
    WHERE shop_id = %(shop)s AND state = 'sending' AND carried_by IS NULL AND sending_at < clock_timestamp() - %(after)s
    RETURNING id, product_id, unknown_at, error
), carried AS (
    UPDATE bling_sync_push AS p SET state = 'unknown', unknown_at = dead.unknown_at, error = dead.error
    FROM dead WHERE p.shop_id = %(shop)s AND p.carried_by = dead.id
)
SELECT product_id FROM dead
"""


def sent(push: Push, evidence: PushEvidence = PushEvidence.ANSWER, *, effect_at: datetime | None = None) -> None:
    """Bling has it, since `effect_at` at the latest (None: now)."""
    at = effect_at or database_clock.now()
    call.write(push, _mine(push), state=PushState.SENT, effect_at=at, evidence=evidence, escalated_at=None, error="")
    reading_schedule.request_after_change(push.shop_id, push.product_id, at)


def not_applied(push: Push, reason: str, *, retry_after: float | None = None) -> None:
    """Bling did nothing: the same push goes again, later each time, with whatever waits by then."""
    # Doubling spares a Bling in trouble; the chance in it keeps pushes that failed together from returning together.
    pause = min(LONGEST_BACKOFF_SECONDS, 2.0 ** min(push.attempts, 10)) * random.uniform(0.5, 1.0)  # noqa: S311
    seconds = pause if retry_after is None else min(retry_after, LONGEST_BACKOFF_SECONDS)
    again = Now() + timedelta(seconds=seconds)
    changes = {"next_attempt_at": again, "unknown_at": None, "escalated_at": None, "error": reason[:500]}
    call.write_apart(push, _mine(push), state=PushState.PENDING, **changes)


def refused(push: Push, reason: str) -> None:
    """Bling will not do it: the merchant decides, about each sale by itself."""
    logger.warning("bling: shop %s: push %s is refused: %s", push.shop_id, push.key, reason)
    call.write_apart(push, _mine(push), state=PushState.FAILED, escalated_at=Now(), error=reason[:500])


def unknown(push: Push, reason: str) -> None:
    """The answer was lost: never resend it blindly; it counts as in flight until evidence or the merchant decides."""
    logger.warning("bling: shop %s: push %s: outcome unknown: %s", push.shop_id, push.key, reason)
    call.write(push, _mine(push), state=PushState.UNKNOWN, unknown_at=Now(), error=reason[:500])
    reading_schedule.request_by(push.shop_id, push.product_id, database_clock.now() + durations.grace())


def bury_the_dead(shop_id: int) -> int:
    """Make pushes unknown whose sender died on the way; returns how many."""
    products = [row[0] for row in sql.rows(_DEAD, {"shop": shop_id, "after": durations.sender_is_dead_after()})]
    for product_id in products:
        reading_schedule.request_by(shop_id, product_id, database_clock.now() + durations.grace())
    return len(products)


def _mine(push: Push) -> QuerySet[Push]:
    # From `unknown` too: a slow answer may still come to a sender that was given up for dead, and evidence does.
    undecided = (PushState.SENDING, PushState.UNKNOWN)
    rows = Push.objects.filter(pk=push.pk, shop_id=push.shop_id, attempts=push.attempts)
    return rows.filter(state__in=undecided)
