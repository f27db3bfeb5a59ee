"""Sends a merchant to Bling's consent page, and recognizes them when they come back."""

import hashlib
import secrets
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.core import signing
from django.db.models.functions import Now

from bling_sync.models import AuthorizationRequest
from plumbing import sql
from plumbing.whole_number import whole_number
from reservations.models import Shop

# Long enough to find the password of Bling, short enough that a forgotten address is worth nothing.
LIVES = timedelta(minutes=30)
# A link of ours is shown to somebody who is about to press it.
LINK_LIVES = timedelta(minutes=10)
LINK_SALT = "bling_sync.connect"
_STATE_BYTES = 32
_LINK_BYTES = 8

# The first browser that opens a link has it; it may open it again until it says yes.
_OPEN = """
INSERT INTO bling_sync_authorizationrequest AS known (shop_id, state_hash, browser_hash, created_at, expires_at)
VALUES (%s, %s, %s, clock_timestamp(), clock_timestamp() + %s)
ON CONFLICT (shop_id, state_hash) DO UPDATE SET browser_hash = known.browser_hash
WHERE known.browser_hash = excluded.browser_hash AND known.used_at IS NULL
RETURNING id
"""
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
    """The path of our own page that asks before it goes to Bling: good once, for a short time, without signing in."""
    link = signing.dumps([shop.pk, secrets.token_urlsafe(_LINK_BYTES)], salt=LINK_SALT)
    return f"/bling/connect?{urlencode({'link': link})}"


def is_opened(link: str) -> bool:
    """Whether a browser has opened this path of :func:`connect_link`."""
    signed = parse_qs(urlsplit(link).query)["link"][0]
    return AuthorizationRequest.objects.filter(shop=_signed_shop(signed), state_hash=digest(signed)).exists()


def open_link(link: str, browser: str) -> Shop | None:
    """The shop that a link names, if `browser` has it; None when it is forged, old, used, or another browser's."""
    shop = _signed_shop(link)
    if shop is None or sql.first_row(_OPEN, [shop.pk, digest(link), digest(browser), LINK_LIVES]) is None:
        return None
    return shop


def use_link(link: str, browser: str) -> Shop | None:
    """Use the link up: the shop, where `browser` opened it and nobody has used it; else None."""
    shop = _signed_shop(link)
    if shop is None or sql.first_row(_REDEEM, [shop.pk, digest(link), digest(browser)]) is None:
        return None
    return shop


def _signed_shop(link: str) -> Shop | None:
    try:
        shop_id, _ = signing.loads(link, salt=LINK_SALT, max_age=LINK_LIVES)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return Shop.objects.filter(pk=shop_id).first()


def digest(secret: str) -> str:
    """The hash that we store in place of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
