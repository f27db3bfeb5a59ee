"""The row with a shop's tokens: read with the database's time, changed only under its lease."""

import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import Now

from plumbing.encryption import DecryptionFailed, decrypt, encrypt
from plumbing.key_rotation import register
from plumbing.lease import Lease, from_now
from reservations.models import InstallationState, ShopifyInstallation

from .token_endpoint import TokenPair

logger = logging.getLogger(__name__)

# We refresh while this much is left, so that no token ends in the middle of a call.
REFRESH_BEFORE = timedelta(minutes=5)
# Longer than a call of the token endpoint may take.
LEASE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Stored:
    """A shop's tokens in plain text, and ``now``, the database's time of the read."""

    state: str
    access_token: str
    access_expires_at: datetime | None
    refresh_token: str
    refresh_expires_at: datetime | None
    problem: str
    now: datetime

    @property
    def is_fresh(self) -> bool:
        """Whether the access token lives long enough to be used without a refresh."""
        ends = self.access_expires_at
        return bool(self.access_token) and (ends is None or ends - self.now > REFRESH_BEFORE)

    @property
    def is_alive(self) -> bool:
        """Whether Shopify still honours the access token."""
        ends = self.access_expires_at
        return bool(self.access_token) and (ends is None or ends > self.now)

    @property
    def is_refreshable(self) -> bool:
        """Whether the refresh token still works."""
        ends = self.refresh_expires_at
        return bool(self.refresh_token) and (ends is None or ends > self.now)


def _owner(shop_id: int) -> str:
    return f"shop:{shop_id}:shopify"


register(ShopifyInstallation, "access_token", "refresh_token", owner=lambda row: _owner(row.shop_id))


def read(shop_id: int) -> Stored | None:
    """The shop's stored tokens, None where the app was never installed.

    A token that no key opens any more counts as none: the merchant's next visit brings new ones.
    """
    row = (
        ShopifyInstallation.objects.filter(shop=shop_id)
        .values_list(
            "state", "access_token", "access_expires_at", "refresh_token", "refresh_expires_at", "problem", Now()
        )
        .first()
    )
    if row is None:
        return None
    state, access, access_ends, refresh, refresh_ends, problem, now = row
    return Stored(state, _open(shop_id, access), access_ends, _open(shop_id, refresh), refresh_ends, problem, now)


def lease(shop_id: int) -> AbstractContextManager[Lease | None]:
    """The lease to ask Shopify for this shop's tokens; None while another process has it."""
    rows = ShopifyInstallation.objects.filter(shop=shop_id)
    return Lease(rows, holder="lease", until="lease_until").held(LEASE_SECONDS)


def save(shop_id: int, held: Lease, pair: TokenPair) -> bool:
    """Store both tokens at once; False when the lease was lost and another pair may be stored already."""
    saved = held.mine.update(
        state=InstallationState.INSTALLED,
        access_token=encrypt(pair.access_token, owner=_owner(shop_id)),
        access_expires_at=_from_now(pair.access_seconds),
        refresh_token=encrypt(pair.refresh_token, owner=_owner(shop_id)) if pair.refresh_token else "",
        refresh_expires_at=_from_now(pair.refresh_seconds),
        scopes=pair.scopes,
        problem="",
    )
    return saved == 1


def needs_reopen(shop_id: int, problem: str) -> None:
    """Note that only the merchant can bring working tokens, by opening the app."""
    ShopifyInstallation.objects.filter(shop=shop_id, state=InstallationState.INSTALLED).update(
        state=InstallationState.NEEDS_REOPEN, problem=problem[:255]
    )


def note_problem(shop_id: int, problem: str) -> None:
    """Store what stands in the way, for the merchant and the operators to see."""
    ShopifyInstallation.objects.filter(shop=shop_id).update(problem=problem[:255])


def _from_now(seconds: int | None) -> object:
    return None if seconds is None else from_now(seconds)


def _open(shop_id: int, sealed: str) -> str:
    try:
        return decrypt(sealed, owner=_owner(shop_id)) if sealed else ""
    except DecryptionFailed:
        logger.exception("shop %s: no key opens its stored tokens", shop_id)
        return ""
