"""The app comes into a shop, comes back, and leaves. Nobody types a domain: the session token names it."""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from plumbing.away_from_database import pause
from plumbing.lease import Lease
from reservations import engine
from reservations.models import InstallationState, Shop, ShopifyInstallation
from reservations.shopify.client import admin_api
from reservations.shopify.errors import ClientRefused, NeedsReopen, NotInstalled, ShopifyError, Unreachable

from . import stored_tokens, token_endpoint
from .access_tokens import POLL_SECONDS, WAIT_SECONDS
from .session_token import SessionToken
from .stored_tokens import Stored

logger = logging.getLogger(__name__)

UNINSTALLED = "app uninstalled"


def open_app(session: SessionToken, *, by_itself: bool = False) -> tuple[Shop, bool]:
    """Return the shop whose admin opened the app, with usable tokens; True when this call made them.

    `by_itself` says that an open page polls by itself, which proves nothing new about the app being there.

    A known shop is installed anew without a trace of its old tokens. We exchange tokens only where none is usable, or
    where Shopify refused to renew them: each exchange ends the refresh token that a background job may be about to use.
    Raises SubjectTokenRefused, ClientRefused, Unreachable and ShopifyError.
    """
    shop, _ = Shop.objects.get_or_create(domain=session.domain)
    installation, _ = ShopifyInstallation.objects.get_or_create(
        shop=shop, defaults={"installed_at": Now(), "state": InstallationState.NEEDS_REOPEN}
    )
    if not by_itself:
        _note_seen(installation, session.made_at)
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if _is_good(stored_tokens.read(shop.pk)):
            return shop, False
        with stored_tokens.lease(shop.pk) as held:
            stored = stored_tokens.read(shop.pk)
            try:
                if held is not None and not _is_good(stored) and _exchange(shop, session, held):
                    return shop, True
            except ShopifyError:
                if not _is_usable(stored):
                    raise
        if _is_usable(stored):
            # The stored problem stays: the page shows it.
            return shop, False
        pause(POLL_SECONDS)
    raise Unreachable("another process is exchanging the token", sent=False)


def uninstall(shop: Shop, triggered_at: datetime) -> bool:
    """Forget the tokens and end the holds; False for late news of an uninstall after which the app came back."""
    # A time without a fraction may be any moment of its second, even one after a new installation.
    latest = triggered_at if triggered_at.microsecond else triggered_at + timedelta(seconds=1)
    # Together, so that nobody ever sees the app gone and its holds alive.
    with transaction.atomic():
        installation = ShopifyInstallation.objects.filter(shop=shop)
        if installation.filter(installed_at__gt=latest).exists():
            return False
        if installation.filter(seen_at__gt=latest).update(**_BEGUN_WHEN_SEEN):
            logger.info("shop %s: the app had left and come back before we heard of it", shop)
            return False
        installation.update(
            state=InstallationState.UNINSTALLED,
            access_token="",
            access_expires_at=None,
            refresh_token="",
            refresh_expires_at=None,
            lease=None,
            lease_until=None,
            uninstalled_at=Now(),
            validation_id="",
            validation_state="",
        )
        engine.release_all(shop.pk, reason=UNINSTALLED)
    return True


def granted_scopes(shop_id: int) -> Sequence[str] | None:
    """The scopes that the merchant has granted, asked of Shopify; None where it no longer answers us (uninstalled).

    Raises Unreachable and ShopifyError.
    """
    try:
        installation = admin_api.call(shop_id, "installation")["currentAppInstallation"]
    except (NotInstalled, NeedsReopen, ClientRefused):
        return None
    return [scope["handle"] for scope in installation["accessScopes"]]


def shop_with_app(domain: str) -> Shop | None:
    """The shop of this domain; None when we do not know it or the app has left it."""
    return Shop.objects.filter(domain=domain).exclude(shopify__state=InstallationState.UNINSTALLED).first()


def is_uninstalled(shop_id: int) -> bool:
    """Whether the app was in this shop and has left it."""
    return ShopifyInstallation.objects.filter(shop=shop_id, state=InstallationState.UNINSTALLED).exists()


def _exchange(shop: Shop, session: SessionToken, held: Lease) -> bool:
    """Exchange the session token and store the new pair under the lease; False when the lease was lost meanwhile."""
    pair = token_endpoint.exchange(shop.domain, session.text)
    _begin_anew(shop)
    if not stored_tokens.save(shop.pk, held, pair):
        return False
    logger.info("shop %s: tokens exchanged", shop)
    return True


# What Shopify kept for the app went with the old installation: we have to create the validation again.
_BEGUN_WHEN_SEEN = {"installed_at": F("seen_at"), "validation_id": "", "validation_state": ""}


def _note_seen(installation: ShopifyInstallation, at: datetime) -> None:
    """Note when Shopify made a session token, which lives for a minute: any uninstall before that is over."""
    if installation.seen_at is None or installation.seen_at < at:
        unknown = Q(seen_at=None) | Q(seen_at__lt=at)
        ShopifyInstallation.objects.filter(unknown, shop=installation.shop_id).update(seen_at=at)


def _is_usable(stored: Stored | None) -> bool:
    if stored is None or stored.state != InstallationState.INSTALLED:
        return False
    return stored.is_alive or stored.is_refreshable


def _is_good(stored: Stored | None) -> bool:
    return stored is not None and _is_usable(stored) and not stored.problem


def _begin_anew(shop: Shop) -> None:
    """Begin an ended installation again now; one that only lost its tokens goes on."""
    ended = Q(state=InstallationState.UNINSTALLED) | Q(access_token="", uninstalled_at=None)
    ShopifyInstallation.objects.filter(ended, shop=shop).update(installed_at=Now(), uninstalled_at=None)
