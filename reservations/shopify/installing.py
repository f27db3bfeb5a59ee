"""The app comes into a shop, comes back, and leaves. Nobody types a domain: the session token names it."""

import logging
import time
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from reservations import engine
from reservations.models import InstallationState, Shop, ShopifyInstallation

from . import stored_tokens, token_endpoint
from .errors import Unreachable
from .session_tokens import SessionToken
from .stored_tokens import Stored
from .tokens import POLL_SECONDS, WAIT_SECONDS
from .waiting import pause

logger = logging.getLogger(__name__)

UNINSTALLED = "app uninstalled"


def open_app(session: SessionToken) -> tuple[Shop, bool]:
    """The shop whose admin opened the app, with usable tokens; True when they were just made.

    A known shop is installed anew without a trace of the old tokens. Tokens are exchanged only where none is usable:
    each exchange ends the refresh token that a background job may be about to use. Raises SubjectTokenRefused,
    ClientRefused, Unreachable and ShopifyError.
    """
    shop, _ = Shop.objects.get_or_create(domain=session.domain)
    ShopifyInstallation.objects.get_or_create(
        shop=shop, defaults={"installed_at": Now(), "state": InstallationState.NEEDS_REOPEN}
    )
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if _is_usable(stored_tokens.read(shop.pk)):
            return shop, False
        with stored_tokens.lease(shop.pk) as mine:
            if mine is not None:
                if _is_usable(stored_tokens.read(shop.pk)):
                    return shop, False
                pair = token_endpoint.exchange(shop.domain, session.text)
                _begin_anew(shop)
                if stored_tokens.save(shop.pk, mine, pair):
                    logger.info("shop %s: tokens exchanged", shop)
                    return shop, True
        pause(POLL_SECONDS)
    raise Unreachable("another process is exchanging the token", sent=False)


def uninstall(shop: Shop, triggered_at: datetime) -> bool:
    """Forget the tokens and end the holds; False for word of an uninstall that came before this installation."""
    with transaction.atomic():
        late = ShopifyInstallation.objects.filter(shop=shop, installed_at__gt=triggered_at).exists()
        if late:
            return False
        ShopifyInstallation.objects.filter(shop=shop).update(
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


def shop_with_app(domain: str) -> Shop | None:
    """The shop of this domain, unless it is not known or the app has left it."""
    return Shop.objects.filter(domain=domain).exclude(shopify__state=InstallationState.UNINSTALLED).first()


def is_uninstalled(shop_id: int) -> bool:
    """Whether the app was in this shop and has left it."""
    return ShopifyInstallation.objects.filter(shop=shop_id, state=InstallationState.UNINSTALLED).exists()


def _is_usable(stored: Stored | None) -> bool:
    if stored is None or stored.state != InstallationState.INSTALLED:
        return False
    return stored.is_alive or stored.is_refreshable


def _begin_anew(shop: Shop) -> None:
    """An installation that had ended begins again now; one that only lost its tokens goes on."""
    ended = Q(state=InstallationState.UNINSTALLED) | Q(access_token="", uninstalled_at=None)
    ShopifyInstallation.objects.filter(ended, shop=shop).update(installed_at=Now(), uninstalled_at=None)
