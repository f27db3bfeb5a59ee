"""Sends a merchant to Bling's consent page, and recognizes them when they come back."""

import hashlib
import secrets
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.db.models.functions import Now

from bling_sync.models import AuthorizationRequest
from plumbing import sql
from plumbing.whole_number import whole_number
from reservations.models import Shop

# Long enough to find the password of Bling, short enough that a forgotten address is worth nothing.
LIVES = timedelta(minutes=30)
LINK_SALT = "bling_sync.connect"
_STATE_BYTES = 32

# One statement: of two callbacks with one state, one gets the shop.
_REDEEM = """
UPDATE bling_sync_authorizationrequest SET used_at = clock_timestamp()
WHERE shop_id = %s AND state_hash = %s AND browser_hash = %s AND used_at IS NULL AND expires_at > clock_timestamp()
RETURNING id
"""


def authorization_address(shop: Shop, *, browser: str = "") -> str:
    """The address of Bling's consent page for `shop`, good once; with `browser` only where that secret is known."""
    # The shop is part of the state, so that looking it up names the shop; it proves nothing by itself.
    state = f"{shop.pk}.{secrets.token_urlsafe(_STATE_BYTES)}"
    AuthorizationRequest.objects.create(
        shop=shop,
        state_hash=digest(state),
        browser_hash=digest(browser) if browser else "",
        created_at=Now(),
        expires_at=Now() + LIVES,
    )
    query = {"response_type": "code", "client_id": settings.BLING_CLIENT_ID, "state": state}
    separator = "&" if "?" in settings.BLING_AUTHORIZE_URL else "?"
    return f"{settings.BLING_AUTHORIZE_URL}{separator}{urlencode(query)}"


def redeem(state: str, *, browser: str = "") -> int | None:
    """Use up this `state` and return its shop; None when it is forged, old, used, or another browser's."""
    shop_id = whole_number(state.partition(".")[0])
    if shop_id is None:
        return None
    known = [digest(browser), ""] if browser else [""]
    for browser_hash in known:
        if sql.first_row(_REDEEM, [shop_id, digest(state), browser_hash]):
            return shop_id
    return None


def connect_link(shop: Shop) -> str:
    """The path of our own page that sends whoever opens it on to Bling, good for a short time without signing in."""
    return f"/bling/connect?{urlencode({'link': signing.dumps(shop.pk, salt=LINK_SALT)})}"


def shop_of_link(link: str) -> int | None:
    """The shop that a connect link names; None when it is forged or old."""
    try:
        return int(signing.loads(link, salt=LINK_SALT, max_age=LIVES))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def digest(secret: str) -> str:
    """The hash that we store in place of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
