"""Background work, as `basico_stock.beat` calls it. Each task may run twice, even at the same time.

A task logs one line about what happened. When the database is away, that too is one line, and the next round tries
again: no run is the only chance of anything.
"""

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec

from celery import shared_task
from django.core.management import call_command
from django.db import InterfaceError, OperationalError
from django.db.models.functions import Now
from kombu.exceptions import OperationalError as BrokerError

from reservations import engine, expiry_sweep, nightly_audit, rescue_sweep, retention
from reservations.models import Heartbeat

logger = logging.getLogger(__name__)

CONTINUATION_EXPIRES_SECONDS = 3_600

P = ParamSpec("P")


def leaves_it_to_the_next_round(work: Callable[P, None]) -> Callable[P, None]:
    """Log one line when the database or the broker is away, instead of a traceback every few seconds."""

    @functools.wraps(work)
    def attempt(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            work(*args, **kwargs)
        except (engine.EngineError, OperationalError, InterfaceError, BrokerError) as error:
            logger.warning("%s waits for its next round: %s", work.__name__, error)

    return attempt


# The first limit of each task lets it tidy up, the second replaces its process.
@shared_task(soft_time_limit=20, time_limit=30)
@leaves_it_to_the_next_round
def heartbeat() -> None:
    """Prove that beat, broker, worker and database form one chain; `readyz` looks at the time."""
    _beat("worker")


@shared_task(soft_time_limit=20, time_limit=30)
@leaves_it_to_the_next_round
def expire_reservations() -> None:
    """Write down which holds are dead."""
    expiry_sweep.expire_dead_holds()


@shared_task(soft_time_limit=20, time_limit=30)
@leaves_it_to_the_next_round
def rescue_paid_orders() -> None:
    """Give paid orders the units that they lack, where no transaction came by."""
    rescue_sweep.rescue_paid_orders()


@shared_task(soft_time_limit=50, time_limit=60)
@leaves_it_to_the_next_round
def prune_idempotency_records() -> None:
    """Delete the answers that no retry will ask for."""
    retention.prune_idempotency_records()


@shared_task(soft_time_limit=50, time_limit=60)
@leaves_it_to_the_next_round
def prune_refusals() -> None:
    """Delete old counts of turned-away buyers."""
    retention.prune_refusals()


@shared_task(soft_time_limit=50, time_limit=60)
@leaves_it_to_the_next_round
def prune_cooldowns() -> None:
    """Delete what was held and not paid long ago."""
    retention.prune_cooldowns()


@shared_task(soft_time_limit=50, time_limit=60)
@leaves_it_to_the_next_round
def clear_sessions() -> None:
    """Delete expired sessions of staff."""
    call_command("clearsessions")


# Room for a round of two minutes and one slow shop, and still below the broker's visibility timeout.
@shared_task(soft_time_limit=780, time_limit=840)
@leaves_it_to_the_next_round
def audit(after: int = 0) -> None:
    """Recompute every shop's numbers; a round that runs out of time continues in a new message."""
    last = nightly_audit.audit_shops_after(after)
    if last is None:
        _beat("audit")
    else:
        audit.apply_async(kwargs={"after": last}, expires=CONTINUATION_EXPIRES_SECONDS)


def _beat(name: str) -> None:
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=Now())], update_conflicts=True, update_fields=["at"], unique_fields=["name"]
    )
