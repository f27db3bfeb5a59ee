"""One pair of tokens per shop, renewed by one process at a time.

The process that renews locks the connection's row only to write `refreshing_until`, and never across the call. One
statement writes the new pair, and only over the pair that it replaces. After a process dies or an answer gets lost the
old pair stands: the next process tries again, and while the old access token lives nobody waits.
"""

import logging
import time
from datetime import datetime, timedelta

from django.db.models.functions import Now

from bling_sync import durations
from bling_sync.errors import (
    AuthorizationLost,
    BlingError,
    NotApplied,
    NotConnected,
    NotRenewed,
    Refused,
    Waiting,
)
from bling_sync.models import Connection, ConnectionState
from plumbing import database_clock, sql
from plumbing.away_from_database import pause
from plumbing.encryption import decrypt, encrypt
from plumbing.lease import from_now, is_free

from . import token_address

logger = logging.getLogger(__name__)

# Bling did not refuse so young a token for its age. Renewing once may still help, if Bling withdrew it; renewing over
# and over helps nobody, so the wait doubles up to a minute.
FRESH_SECONDS = 15.0
LONGEST_FRESH_SECONDS = 60.0
RETRY_SECONDS = 30
# Bling understood and said no, for a reason that days may pass with (an account that is not paid for): all shops share
# the few token calls of a minute.
REFUSED_RETRY_SECONDS = 300
_WAIT_FOR_OTHERS_SECONDS = 20.0
_NAP_SECONDS = 0.2

# An answer may lack a refresh token: the old one then goes on, and so does its end.
_SAVE = """
UPDATE bling_sync_connection
SET access_token = %s, refresh_token = coalesce(%s, refresh_token), token_generation = token_generation + 1,
    refreshing_until = NULL, refresh_refused_at = NULL, last_error = '', refreshed_at = clock_timestamp(),
    access_expires_at = clock_timestamp() + %s * interval '1 second',
    refresh_expires_at = CASE WHEN %s::text IS NULL THEN refresh_expires_at ELSE clock_timestamp() + %s END
WHERE shop_id = %s AND token_generation = %s
"""


def access_token(shop_id: int, *, refused: str = "") -> str:
    """An access token that Bling should take; not `refused`, which it just did not.

    Raises NotConnected, AuthorizationLost, and Waiting when it cannot be renewed now (NotRenewed: this shop's alone).
    """
    deadline = time.monotonic() + _WAIT_FOR_OTHERS_SECONDS
    while True:
        known = _connection(shop_id)
        now = database_clock.now()
        token = _usable(known, now, refused)
        if token and not _grows_old(known, now):
            return token
        if known.refresh_refused_at is not None:
            return token or _lose(known)
        if refused and not token:
            _may_be_renewed_again(known, now)
        if _may_renew(known) and _renew(known, usable=bool(token)):
            continue
        if token:
            return token
        if time.monotonic() >= deadline:
            raise Waiting("another process renews the tokens of this shop", RETRY_SECONDS)
        pause(_NAP_SECONDS)


def save(known: Connection, pair: token_address.TokenPair) -> bool:
    """Write the next pair over the one that `known` has; False when another has taken its place meanwhile."""
    refresh = encrypt(pair.refresh, owner=known.owner) if pair.refresh else None
    access = encrypt(pair.access, owner=known.owner)
    values = [access, refresh, pair.expires_in, refresh, durations.REFRESH_TOKEN_LIVES]
    return bool(sql.execute(_SAVE, [*values, known.shop_id, known.token_generation]))


def _connection(shop_id: int) -> Connection:
    known = Connection.objects.filter(shop_id=shop_id).first()
    if known is None or known.state == ConnectionState.DISCONNECTED or not known.access_token:
        raise NotConnected("this shop is not connected to Bling")
    if known.state == ConnectionState.AUTHORIZATION_LOST:
        raise AuthorizationLost("Bling takes none of our tokens: the merchant has to authorize us again")
    return known


def _usable(known: Connection, now: datetime, refused: str) -> str:
    """The access token; "" when it has expired, or when Bling just refused it."""
    token = decrypt(known.access_token, owner=known.owner)
    is_alive = known.access_expires_at is not None and now < known.access_expires_at
    return token if is_alive and token != refused else ""


def _grows_old(known: Connection, now: datetime) -> bool:
    if known.access_expires_at is None or known.refreshed_at is None:
        return True
    life = known.access_expires_at - known.refreshed_at
    return now >= known.access_expires_at - min(durations.RENEW_BEFORE, life / 4)


def _may_be_renewed_again(known: Connection, now: datetime) -> None:
    """Raises NotRenewed for a token that is too young to be refused for its age."""
    fresh = timedelta(seconds=min(LONGEST_FRESH_SECONDS, FRESH_SECONDS * 2.0 ** min(known.failures, 10)))
    if known.refreshed_at is not None and now < known.refreshed_at + fresh:
        raise NotRenewed("Bling refuses a token that it has just given", 5)


def _may_renew(known: Connection) -> bool:
    """Take the right to renew; False when somebody else has it, or has just done it."""
    rows = Connection.objects.filter(shop_id=known.shop_id, token_generation=known.token_generation)
    until = from_now(durations.sender_is_dead_after().total_seconds())
    return bool(rows.filter(is_free("refreshing_until")).update(refreshing_until=until))


def _renew(known: Connection, *, usable: bool) -> bool:
    """Renew the pair; False when it could not be done now. Raises what kept it when no token is usable until it is."""
    try:
        pair = token_address.refresh(decrypt(known.refresh_token, owner=known.owner))
    except token_address.GrantGone as error:
        logger.warning("bling: shop %s: the refresh token is refused: %s", known.shop_id, error)
        _note(known, error, refresh_refused_at=Now(), refreshing_until=None)
        return True
    except BlingError as error:
        logger.warning("bling: shop %s: the tokens could not be renewed: %s", known.shop_id, error)
        again = Now() + timedelta(seconds=_retry_seconds(error))
        # Without a token nothing can be asked: until the next try no worker is kept waiting for one.
        _note(known, error, refreshing_until=again, **({} if usable else {"wait_until": again}))
        if usable:
            return False
        if isinstance(error, Waiting):
            raise
        reason = f"the tokens of this shop cannot be renewed: {error}"[:300]
        raise NotRenewed(reason, _retry_seconds(error)) from error
    save(known, pair)
    return True


def _retry_seconds(error: BlingError) -> float:
    if isinstance(error, Refused):
        return REFUSED_RETRY_SECONDS
    return (error.retry_after if isinstance(error, NotApplied) else None) or RETRY_SECONDS


def _note(known: Connection, error: BlingError, **changes: object) -> None:
    text = {"last_error": str(error)[:500]} if isinstance(error, Refused) else {}
    rows = Connection.objects.filter(shop_id=known.shop_id, token_generation=known.token_generation)
    rows.update(**changes, **text)


def _lose(known: Connection) -> str:
    rows = Connection.objects.filter(shop_id=known.shop_id, token_generation=known.token_generation)
    if rows.update(state=ConnectionState.AUTHORIZATION_LOST):
        logger.error("bling: shop %s: authorization lost, the merchant has to authorize again", known.shop_id)
    raise AuthorizationLost("Bling takes none of our tokens: the merchant has to authorize us again")
