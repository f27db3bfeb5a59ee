"""Keeps idle authorizations alive, warns the merchant in time, and deletes rows past their use."""

import logging
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now

from plumbing import database_clock

from . import durations, shop_work
from .catalogue import run as imports
from .errors import BlingError, NotRenewed, Waiting
from .models import AuthorizationRequest, Connection, ConnectionState, Difference, WebhookEvent
from .oauth import token_pair
from .webhooks import silence

logger = logging.getLogger(__name__)

# Bling sends an event again for up to three days; twice that keeps every duplicate out.
EVENTS_KEPT = timedelta(days=7)
DIFFERENCES_KEPT = timedelta(days=180)
REQUESTS_KEPT = timedelta(days=30)
BATCH = 5_000
# Of one table of one shop, in one night: more than a busy sale brings.
MOST_BATCHES = 100


def keep_authorizations() -> None:
    """Renew idle authorizations: Bling drops a refresh token that nobody uses for thirty days."""
    idle = Connection.objects.filter(state=ConnectionState.CONNECTED, access_expires_at__lt=Now())
    for shop_id in idle.order_by("access_expires_at").values_list("shop_id", flat=True)[:100]:
        try:
            token_pair.access_token(shop_id)
        except BlingError as error:
            if isinstance(error, Waiting) and not isinstance(error, NotRenewed):
                return
            logger.warning("bling: shop %s: its authorization was not renewed: %s", shop_id, error)


def warnings(known: Connection) -> list[str]:
    """What the merchant should know, as codes: the most pressing first."""
    found = _of_the_authorization(known)
    if known.state == ConnectionState.CONNECTED and known.deposit_id is None:
        found.append("deposit_not_chosen")
    if known.suggested_mode:
        found.append("shopify_channel_appeared" if known.shopify_channel else "shopify_channel_gone")
    if known.reading_paused_at is not None:
        found.append("readings_paused")
    if silence.is_silent(known):
        found.append("webhooks_silent")
    return found


def _of_the_authorization(known: Connection) -> list[str]:
    if known.state == ConnectionState.AUTHORIZATION_LOST:
        return ["authorization_lost"]
    if known.refresh_refused_at is not None:
        return ["authorization_ends"]
    if _is_not_renewed(known):
        return ["authorization_not_renewed"]
    if known.refresh_expires_at and known.refresh_expires_at - database_clock.now() < durations.WARN_BEFORE:
        return ["authorization_expires"]
    return []


def _is_not_renewed(known: Connection) -> bool:
    """Whether Bling refuses to renew the tokens, with a reason, so that we cannot call it until it does."""
    if known.state != ConnectionState.CONNECTED or not known.last_error:
        return False
    if known.refreshing_until is None or known.wait_until is None:
        return False
    return database_clock.now() < known.refreshing_until <= known.wait_until


def warn() -> None:
    """Log each shop's warnings, one line each."""
    for shop_id in [*shop_work.live_shops(), *_lost()]:
        known = Connection.objects.get(shop_id=shop_id)
        for code in warnings(known):
            logger.warning("bling: shop %s: %s", shop_id, code)


def prune() -> None:
    """Delete old events, differences, import lines and authorization requests, at most MOST_BATCHES of each."""
    for shop_id in Connection.objects.order_by("shop_id").values_list("shop_id", flat=True):
        for model, field, kept in (
            (WebhookEvent, "received_at", EVENTS_KEPT),
            (Difference, "seen_at", DIFFERENCES_KEPT),
            (AuthorizationRequest, "created_at", REQUESTS_KEPT),
        ):
            _prune(model._default_manager.filter(shop_id=shop_id), **{f"{field}__lt": Now() - kept})
        imports.prune(shop_id)


def _prune(rows: QuerySet[Any], **old: object) -> None:
    for _ in range(MOST_BATCHES):
        ids = list(rows.filter(**old).order_by("pk").values_list("pk", flat=True)[:BATCH])
        rows.filter(pk__in=ids).delete()
        if len(ids) < BATCH:
            return


def _lost() -> list[int]:
    lost = Connection.objects.filter(state=ConnectionState.AUTHORIZATION_LOST)
    return list(lost.order_by("shop_id").values_list("shop_id", flat=True))
