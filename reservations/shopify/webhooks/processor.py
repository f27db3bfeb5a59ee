"""Take what is due out of the inbox, each delivery in the transaction of its effect, most in batches.

A worker claims a delivery with a lock that it tries and never waits for. So any number of workers share a shop's
backlog, and a worker that is killed gives its deliveries back with its transaction. A delivery that fails waits longer
each time; one that no handler understands, or that failed too often, is parked with its error for a person. The others
go on meanwhile.
"""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import DataError, InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from reservations.engine import EngineError
from reservations.models import DeliveryStatus, Shop, WebhookDelivery
from reservations.shopify.errors import ClientRefused, NeedsReopen, Unreachable

from .delivery_batch import Size, apply_together, claim, event_of
from .due_deliveries import Kind, due_ids
from .payload_reader import InvalidPayload
from .topics import HANDLERS

logger = logging.getLogger(__name__)

# After each failure, the seconds until the next try; after the last one, a person decides.
BACKOFF_SECONDS = (2, 10, 60, 300, 900, 1_800, 3_600)
# What is nobody's fault (a row in use, a service away, a merchant who has to open the app) we try again for as long as
# it takes.
BUSY_SECONDS = 5
AWAY_SECONDS = 60
# Between two batches of a shop, deliveries that are tried one by one get so much time, and so does its catalogue.
ALONE_SECONDS, CATALOGUE_SECONDS = 0.5, 0.2

_BUSY = (EngineError, OperationalError, InterfaceError)


def shops_with_due_deliveries() -> list[int]:
    """The shops that have a due delivery, the oldest shop first."""
    due = WebhookDelivery.objects.filter(shop=OuterRef("pk"), status=DeliveryStatus.PENDING, next_attempt_at__lte=Now())
    return list(Shop.objects.filter(Exists(due)).order_by("pk").values_list("pk", flat=True))


def sweep_inbox(*, seconds: float) -> int:
    """Give each shop with due deliveries its turn, for up to `seconds` in all; returns how many were tried."""
    deadline = time.monotonic() + seconds
    tried = 0
    for shop_id in shops_with_due_deliveries():
        left = deadline - time.monotonic()
        if left <= 0:
            break
        tried += process_due_deliveries(shop_id, seconds=left)
    return tried


def process_due_deliveries(shop_id: int, *, seconds: float) -> int:
    """Try the shop's due deliveries, the longest due first, for up to `seconds`; returns how many were tried."""
    return _Work(Shop.objects.get(pk=shop_id), time.monotonic() + seconds).until_done()


@dataclass(slots=True)
class _Work:
    """A worker's turn at one shop."""

    shop: Shop
    deadline: float
    size: Size = field(default_factory=Size)
    # What fell out of a batch, in turn: alone it may wait for Shopify, so a few of them come between two batches.
    alone: dict[int, None] = field(default_factory=dict)

    def until_done(self) -> int:
        """Go on until the time is over, or other workers have the rest; returns how many deliveries were tried."""
        tried = 0
        while time.monotonic() < self.deadline:
            worked = self._batches() + self._alone() + self._catalogue()
            tried += worked
            if not worked:
                break
        return tried

    def _batches(self) -> int:
        worked = 0
        for together, ids in due_ids(self.shop.pk, Kind.STOCK, self.alone).items():
            if together is None:
                self.alone |= dict.fromkeys(ids)
            elif time.monotonic() < self.deadline:
                done = apply_together(self.shop, together, ids, self.size)
                self.alone |= dict.fromkeys(done.alone)
                worked += done.deliveries
        return worked

    def _alone(self) -> int:
        ids = list(self.alone)
        tried, worked = _attempt_each(self.shop, ids, min(self.deadline, time.monotonic() + ALONE_SECONDS))
        for delivery_id in ids[:tried]:
            del self.alone[delivery_id]
        return worked

    def _catalogue(self) -> int:
        ends = min(self.deadline, time.monotonic() + CATALOGUE_SECONDS)
        ids = [each for some in due_ids(self.shop.pk, Kind.CATALOGUE).values() for each in some]
        return _attempt_each(self.shop, ids, ends)[1]


def _attempt_each(shop: Shop, ids: Iterable[int], deadline: float) -> tuple[int, int]:
    """Try deliveries until the time is over; returns how many, and for how many of them there was something to do."""
    tried = worked = 0
    for delivery_id in ids:
        if time.monotonic() >= deadline:
            break
        tried += 1
        worked += attempt_delivery(shop, delivery_id)
    return tried, worked


def attempt_delivery(shop: Shop, delivery_id: int) -> bool:
    """Try to apply one delivery; False when it is done already or another worker has it."""
    delivery = WebhookDelivery.objects.filter(shop=shop, pk=delivery_id, status=DeliveryStatus.PENDING).first()
    if delivery is None:
        return False
    try:
        return _apply(shop, delivery)
    except (InvalidPayload, DataError) as error:
        # DataError: a value that the database cannot store today or later.
        _park(delivery, str(error))
    # Neither of the next two counts as an attempt: the payload is not at fault, and must not be parked for it.
    except _BUSY as error:
        _retry(delivery, f"{type(error).__name__}: {error}", BUSY_SECONDS, counts=False)
    except (Unreachable, NeedsReopen, ClientRefused) as error:
        _retry(delivery, f"Shopify: {error}", AWAY_SECONDS, counts=False)
    except Exception as error:
        logger.exception("webhook %s of %s failed", delivery, shop)
        _fail(delivery, f"{type(error).__name__}: {error}")
    return True


def replay_deliveries(deliveries: Iterable[WebhookDelivery]) -> int:
    """Queue parked deliveries for a new start; returns how many were parked."""
    replayed = 0
    for delivery in deliveries:
        replayed += WebhookDelivery.objects.filter(
            shop=delivery.shop_id, pk=delivery.pk, status=DeliveryStatus.PARKED, payload__isnull=False
        ).update(status=DeliveryStatus.PENDING, attempts=0, next_attempt_at=Now(), ended_at=None)
    return replayed


def _apply(shop: Shop, delivery: WebhookDelivery) -> bool:
    handler = HANDLERS.get(delivery.topic)
    event = event_of(shop, delivery)
    # Before the transaction: no lock and no connection waits while we ask Shopify.
    fetched = handler.fetch(event) if handler and handler.fetch else None
    with transaction.atomic():
        if not _claim(delivery):
            return False
        done = handler.apply(event, fetched) if handler else False
        WebhookDelivery.objects.filter(shop=shop, pk=delivery.pk).update(
            status=DeliveryStatus.APPLIED if done else DeliveryStatus.IGNORED,
            attempts=delivery.attempts + 1,
            ended_at=Now(),
            error="",
        )
    return True


def _claim(delivery: WebhookDelivery) -> bool:
    """Claim the delivery until the transaction ends; False when another worker has it or it is done."""
    mine = claim(delivery.shop_id, [delivery.pk], 1)
    # Looked at under the lock: a worker may have applied it between our query and our claim.
    return bool(mine) and _pending(delivery).exists()


def _fail(delivery: WebhookDelivery, problem: str) -> None:
    if delivery.attempts >= len(BACKOFF_SECONDS):
        _park(delivery, problem)
    else:
        _retry(delivery, problem, BACKOFF_SECONDS[delivery.attempts], counts=True)


def _retry(delivery: WebhookDelivery, problem: str, seconds: float, *, counts: bool) -> None:
    logger.info("webhook %s is tried again in %s s: %s", delivery, seconds, problem)
    _pending(delivery).update(
        attempts=delivery.attempts + int(counts),
        next_attempt_at=Now() + timedelta(seconds=seconds),
        error=problem[:2_000],
    )


def _park(delivery: WebhookDelivery, problem: str) -> None:
    logger.error("webhook %s of shop %s is parked: %s", delivery, delivery.shop_id, problem)
    _pending(delivery).update(
        status=DeliveryStatus.PARKED, attempts=delivery.attempts + 1, ended_at=Now(), error=problem[:2_000]
    )


def _pending(delivery: WebhookDelivery) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.filter(shop=delivery.shop_id, pk=delivery.pk, status=DeliveryStatus.PENDING)
