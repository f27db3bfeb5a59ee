"""Apply many deliveries of one shop in one transaction, each as if it came in a transaction of its own.

Whatever goes wrong with one undoes the batch, and then each of its deliveries is tried alone: so the bad one fails by
itself, and the others have lost some milliseconds.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction

from reservations.models import DeliveryStatus, Shop, WebhookDelivery

from .handler import ApplyTogether, Event, Verdict
from .topics import HANDLERS

logger = logging.getLogger(__name__)

# A batch locks its orders and carts until it commits, and its stock rows for the last third of that time: so long a
# buyer may wait. Not fewer than FEWEST, however slow a busy machine is: what every batch costs is then dear for each.
TARGET_SECONDS = 0.2
FEWEST, MOST = 25, 100

# A worker tries these locks and waits for none; the first ones that are free are its own until it commits.
_CLAIM = """
SELECT id FROM unnest(%s::bigint[]) AS due(id)
WHERE pg_try_advisory_xact_lock(hashtextextended('bazico webhook ' || %s || '/' || id, 0)) LIMIT %s
"""
_CLOSE = """
UPDATE reservations_webhookdelivery
SET status = CASE WHEN id = ANY(%(applied)s) THEN 'applied' ELSE 'ignored' END, attempts = attempts + 1,
    ended_at = clock_timestamp(), error = ''
WHERE shop_id = %(shop)s AND id = ANY(%(done)s)
"""


@dataclass(slots=True)
class Size:
    """How many deliveries a batch takes: as many as it carries out in TARGET_SECONDS, as far as we have seen."""

    deliveries: int = MOST // 2

    def learn(self, deliveries: int, seconds: float) -> None:
        """Take so many more or fewer next time, at most twice as many and at least half."""
        fitting = round(deliveries * TARGET_SECONDS / max(seconds, 0.001))
        # A small batch says little of how a large one would do.
        if fitting < self.deliveries or deliveries >= self.deliveries:
            within = min(max(fitting, self.deliveries // 2), self.deliveries * 2)
            self.deliveries = min(max(within, FEWEST), MOST)


@dataclass(frozen=True, slots=True)
class Done:
    """What a batch did: how many deliveries it applied or ignored, and which have to be tried alone."""

    deliveries: int = 0
    alone: Sequence[int] = field(default=())


def apply_together(shop: Shop, together: ApplyTogether, ids: Sequence[int], size: Size) -> Done:
    """Apply the first of these deliveries that no other worker has, in one transaction."""
    claimed: list[WebhookDelivery] = []
    began = time.monotonic()
    try:
        with transaction.atomic():
            claimed += _claim(shop.pk, ids, size.deliveries)
            if not claimed:
                return Done()
            verdicts = together([(event_of(shop, delivery), HANDLERS[delivery.topic]) for delivery in claimed])
            _close(shop.pk, claimed, verdicts)
    except Exception as error:
        if not claimed:
            raise
        logger.info("%s webhooks of shop %s are tried one by one: %r", len(claimed), shop.pk, error)
        return Done(alone=[delivery.pk for delivery in claimed])
    size.learn(len(claimed), time.monotonic() - began)
    given = list(zip(claimed, verdicts, strict=True))
    done = sum(verdict in (Verdict.APPLIED, Verdict.IGNORED) for verdict in verdicts)
    return Done(done, [delivery.pk for delivery, verdict in given if verdict is Verdict.ALONE])


def event_of(shop: Shop, delivery: WebhookDelivery) -> Event:
    """The delivery as its handler sees it."""
    return Event(shop, delivery.topic, delivery.payload or {}, delivery.triggered_at or delivery.received_at)


def claim(shop_id: int, ids: Sequence[int], most: int) -> list[int]:
    """Claim up to `most` of these deliveries until the transaction ends; returns those that no other worker has."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [list(ids), shop_id, most])
        return [row[0] for row in cursor.fetchall()]


def _claim(shop_id: int, ids: Sequence[int], most: int) -> list[WebhookDelivery]:
    mine = claim(shop_id, ids, most)
    # Looked at under the lock: a worker may have applied it between our query and our claim.
    pending = WebhookDelivery.objects.filter(shop=shop_id, pk__in=mine, status=DeliveryStatus.PENDING)
    by_id = {delivery.pk: delivery for delivery in pending.defer("digest", "error")}
    return [by_id[delivery_id] for delivery_id in mine if delivery_id in by_id]


def _close(shop_id: int, deliveries: Sequence[WebhookDelivery], verdicts: Sequence[Verdict]) -> None:
    given = list(zip(deliveries, verdicts, strict=True))
    applied = [delivery.pk for delivery, verdict in given if verdict is Verdict.APPLIED]
    ignored = [delivery.pk for delivery, verdict in given if verdict is Verdict.IGNORED]
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, {"shop": shop_id, "applied": applied, "done": applied + ignored})
