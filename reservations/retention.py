"""What is kept for a time only, and is deleted after it in small steps."""

import logging
from datetime import timedelta
from time import monotonic

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from reservations.models import IdempotencyRecord, Shop

logger = logging.getLogger(__name__)

# A caller that has not retried within two days will not: payment providers promise 24 hours.
IDEMPOTENCY_RECORDS_KEPT = timedelta(hours=48)
ROUND_SECONDS = 40.0
# A step's worth of rows: locked for milliseconds, and little for a replica to follow.
BATCH = 1_000


def prune_idempotency_records(*, seconds: float = ROUND_SECONDS) -> int:
    """Delete the answers that nobody will ask for again, shop by shop, and return how many; bounded in time.

    A shop that another round is pruning at this moment is left to it.
    """
    deadline = monotonic() + seconds
    total = 0
    for shop_id in _shops_with_old_records():
        pruned = 0
        while monotonic() < deadline and (step := _prune_step(shop_id)):
            pruned += step
        if pruned:
            logger.info("pruned %s idempotency records of shop %s", pruned, shop_id)
        total += pruned
    return total


def _old_records() -> QuerySet[IdempotencyRecord]:
    return IdempotencyRecord.objects.filter(created_at__lt=Now() - IDEMPOTENCY_RECORDS_KEPT)


def _shops_with_old_records() -> list[int]:
    old = _old_records().filter(shop=OuterRef("pk"))
    return list(Shop.objects.filter(Exists(old)).order_by("pk").values_list("pk", flat=True))


def _prune_step(shop_id: int) -> int:
    with transaction.atomic():
        if not _alone(f"prune idempotency records of shop {shop_id}"):
            return 0
        oldest = _old_records().filter(shop=shop_id).order_by("created_at").values_list("pk", flat=True)[:BATCH]
        deleted, _ = IdempotencyRecord.objects.filter(shop=shop_id, pk__in=list(oldest)).delete()
    return deleted


def _alone(name: str) -> bool:
    """Whether nobody else does this; True keeps others away until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"bazico {name}"])
        alone: bool = cursor.fetchone()[0]
    return alone
