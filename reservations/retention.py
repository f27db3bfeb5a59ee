"""What we keep for a time only, and then delete in small steps."""

import logging
from datetime import timedelta
from time import monotonic

from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.db.models.functions import Now

from reservations.models import Cooldown, IdempotencyRecord, Refusal, Shop

logger = logging.getLogger(__name__)

# A caller that has not retried within two days will not: payment providers promise 24 hours.
IDEMPOTENCY_RECORDS_KEPT = timedelta(hours=48)
# Long enough to compare a sale with the one before it.
REFUSALS_KEPT = timedelta(days=30)
# As long as the engine reads them.
COOLDOWNS_KEPT = timedelta(hours=1)
ROUND_SECONDS = 40.0
# The rows of one step: locked for milliseconds, and little work for a replica.
BATCH = 1_000


def prune_idempotency_records(*, seconds: float = ROUND_SECONDS) -> int:
    """Delete the stored answers that nobody will ask for again, for up to `seconds`; returns how many.

    Goes shop by shop, and leaves a shop alone that another round is pruning at this moment.
    """
    old = IdempotencyRecord.objects.filter(created_at__lt=Now() - IDEMPOTENCY_RECORDS_KEPT)
    return _prune(old, "created_at", "idempotency records", seconds)


def prune_refusals(*, seconds: float = ROUND_SECONDS) -> int:
    """Delete the old counts of turned-away buyers, in the same way."""
    return _prune(Refusal.objects.filter(minute__lt=Now() - REFUSALS_KEPT), "minute", "counts of refusals", seconds)


def prune_cooldowns(*, seconds: float = ROUND_SECONDS) -> int:
    """Delete what was held and not paid so long ago that nobody waits for it, in the same way."""
    old = Cooldown.objects.filter(ended_at__lt=Now() - COOLDOWNS_KEPT)
    return _prune(old, "ended_at", "cool-downs", seconds)


def _prune(old: QuerySet[Model], age: str, what: str, seconds: float) -> int:
    deadline = monotonic() + seconds
    total = 0
    for shop_id in _shops_with(old):
        pruned = 0
        while monotonic() < deadline and (step := _prune_step(old, age, what, shop_id)):
            pruned += step
        if pruned:
            logger.info("pruned %s %s of shop %s", pruned, what, shop_id)
        total += pruned
    return total


def _shops_with(old: QuerySet[Model]) -> list[int]:
    of_shop = old.filter(shop=OuterRef("pk"))
    return list(Shop.objects.filter(Exists(of_shop)).order_by("pk").values_list("pk", flat=True))


def _prune_step(old: QuerySet[Model], age: str, what: str, shop_id: int) -> int:
    with transaction.atomic():
        if not _alone(f"prune {what} of shop {shop_id}"):
            return 0
        of_shop = old.filter(shop=shop_id)
        oldest = of_shop.order_by(age).values_list("pk", flat=True)[:BATCH]
        deleted, _ = of_shop.filter(pk__in=list(oldest)).delete()
    return deleted


def _alone(name: str) -> bool:
    """Take the lock `name` until the transaction ends; False, at once, when somebody else has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"bazico {name}"])
        alone: bool = cursor.fetchone()[0]
    return alone
