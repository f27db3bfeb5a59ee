"""A shop's tokens, which one process at a time refreshes.

A process that refreshes takes the row's lease with one UPDATE, asks Shopify with no transaction open, and saves both
tokens with a second UPDATE, which touches the row only while the lease is still its own. Others meanwhile use the old
access token, which Shopify honours to its end, or wait. A process that dies in between loses nothing: its lease runs
out, and the same refresh token works until its successor is used.
"""

import logging
import time
from datetime import timedelta

from django.db.models.functions import Now

from plumbing.away_from_database import pause
from plumbing.lease import Lease
from reservations.models import InstallationState, ShopifyInstallation
from reservations.shopify.errors import NeedsReopen, NotInstalled, ShopifyError, Unreachable

from . import stored_tokens, token_endpoint
from .stored_tokens import Stored

logger = logging.getLogger(__name__)

WAIT_SECONDS = 20.0
POLL_SECONDS = 0.1
# Refresh tokens live for 90 days; a shop without traffic gets a new one a month before.
REFRESH_IDLE_BEFORE = timedelta(days=30)


def access_token(shop_id: int, *, rejected: str = "") -> str:
    """Return a token for the shop's Admin API; `rejected` is one that Shopify has just refused.

    Raises NotInstalled, NeedsReopen, ClientRefused, Unreachable and ShopifyError.
    """
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        stored = _usable(shop_id)
        if stored.is_fresh and stored.access_token != rejected:
            return stored.access_token
        # Refresh ahead of time; a process that does not get the lease uses the old token while it lives.
        with stored_tokens.lease(shop_id) as held:
            if held is not None and (token := _refresh(shop_id, held, rejected)):
                return token
        if stored.is_alive and stored.access_token != rejected:
            return stored.access_token
        pause(POLL_SECONDS)
    raise Unreachable("another process is refreshing the token", sent=False)


def refresh_idle() -> int:
    """Refresh the tokens of shops whose refresh token would otherwise end unused; returns how many."""
    ends = Now() + REFRESH_IDLE_BEFORE
    idle = ShopifyInstallation.objects.filter(state=InstallationState.INSTALLED, refresh_expires_at__lt=ends)
    refreshed = 0
    for shop_id in idle.order_by("shop_id").values_list("shop_id", flat=True):
        try:
            stored = _usable(shop_id)
            access_token(shop_id, rejected=stored.access_token)
        except ShopifyError as error:
            logger.warning("the tokens of shop %s were not refreshed: %s", shop_id, error)
        else:
            refreshed += 1
    return refreshed


def _usable(shop_id: int) -> Stored:
    stored = stored_tokens.read(shop_id)
    if stored is None or stored.state == InstallationState.UNINSTALLED:
        raise NotInstalled("the app is not installed in this shop")
    if stored.state == InstallationState.NEEDS_REOPEN or not (stored.is_alive or stored.is_refreshable):
        raise NeedsReopen("the merchant has to open the app")
    return stored


def _refresh(shop_id: int, held: Lease, rejected: str) -> str | None:
    """Under the lease, look again (somebody may have been faster), then ask Shopify; None where the lease was lost.

    We never use a pair that we could not store: its first use would end the refresh token that is stored.
    """
    stored = _usable(shop_id)
    if stored.is_fresh and stored.access_token != rejected:
        return stored.access_token
    if not stored.is_refreshable:
        stored_tokens.needs_reopen(shop_id, "the access token was refused and there is no refresh token")
        raise NeedsReopen("there is no refresh token")
    domain = ShopifyInstallation.objects.values_list("shop__domain", flat=True).get(shop=shop_id)
    try:
        pair = token_endpoint.refresh(domain, stored.refresh_token)
    except NeedsReopen as error:
        stored_tokens.needs_reopen(shop_id, str(error))
        logger.warning("shop %s: %s", domain, error)
        raise
    except Unreachable:
        raise
    except ShopifyError as error:
        stored_tokens.note_problem(shop_id, str(error))
        raise
    if not stored_tokens.save(shop_id, held, pair):
        logger.warning("shop %s: the lease was lost during a refresh", domain)
        return None
    return pair.access_token
