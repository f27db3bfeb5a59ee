"""Bling's token address."""

import base64
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings

from bling_sync.client.transport import Reply, Request, exchange
from bling_sync.errors import NotApplied, OutcomeUnknown, Refused, error_of
from bling_sync.resources.answer_values import number
from plumbing.outbound_http import new_session

from . import token_call_cap

logger = logging.getLogger(__name__)

DEFAULT_LIFE_SECONDS = 21_600
LONGEST_LIFE_SECONDS = 30 * 86_400
_TOKEN = re.compile(r"[\x21-\x7e]{1,10000}")
# Grants that are gone for good: OAuth's own words, and Bling's for a value that is not valid (the code or the refresh
# token is all that differs from call to call). Anything else may be our own mistake, or Bling's, and the merchant
# cannot help it.
GONE = ("invalid_grant", "invalid_token", "validation_error")
_OK, _BAD_REQUEST, _UNAUTHORIZED, _TOO_MANY, _SERVER_ERROR = 200, 400, 401, 429, 500


class GrantGone(Refused):
    """Bling no longer knows the code or the refresh token."""


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What Bling gave. `refresh` is empty when the answer had none: the old one then goes on."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_in: int


def exchange_code(code: str) -> TokenPair:
    """Tokens for an authorization code. It is made once: a code that is used again revokes what it brought.

    Raises GrantGone, Refused, NotApplied and OutcomeUnknown; after any of them the merchant begins anew.
    """
    return _ask({"grant_type": "authorization_code", "code": code})


def refresh(refresh_token: str) -> TokenPair:
    """The next pair. Raises GrantGone, Refused, NotApplied, and OutcomeUnknown when the pair may have been changed."""
    return _ask({"grant_type": "refresh_token", "refresh_token": refresh_token})


def revoke(refresh_token: str) -> None:
    """End the authorization. Raises Refused, NotApplied and OutcomeUnknown."""
    _call("/oauth/revoke", {"token": refresh_token, "token_type_hint": "refresh_token"})


def _ask(form: Mapping[str, str]) -> TokenPair:
    reply = _call("/oauth/token", form)
    body = reply.json if isinstance(reply.json, dict) else {}
    access, renewed = _token(body.get("access_token")), _token(body.get("refresh_token"))
    if not access:
        raise OutcomeUnknown("Bling's answer had no token in it")
    life = number(body.get("expires_in"))
    seconds = int(life) if life is not None and life >= 1 else DEFAULT_LIFE_SECONDS
    return TokenPair(access, renewed, min(seconds, LONGEST_LIFE_SECONDS))


def _token(value: object) -> str:
    """A token as a header can carry it; "" of anything else."""
    return value if isinstance(value, str) and _TOKEN.fullmatch(value) else ""


def _call(path: str, form: Mapping[str, str]) -> Reply:
    token_call_cap.spend()
    credentials = f"{settings.BLING_CLIENT_ID}:{settings.BLING_CLIENT_SECRET}".encode()
    basic = "Basic " + base64.b64encode(credentials).decode()
    with new_session() as session:
        reply = exchange(session, Request("POST", settings.BLING_API_URL + path, basic, form=form))
    logger.info("bling POST %s %s in %.2f s, request %s", path, reply.status, reply.seconds, reply.request_id)
    if reply.status // 100 == _OK // 100:
        return reply
    raise _error(reply)


def _error(reply: Reply) -> Exception:
    kind, message, _ = error_of(reply.json)
    if reply.status >= _SERVER_ERROR or reply.status < _BAD_REQUEST:
        return OutcomeUnknown(f"Bling answered {reply.status} to a token call")
    if reply.status in (_BAD_REQUEST, _UNAUTHORIZED) and kind.lower() in GONE:
        return GrantGone(reply.status, kind, message)
    if reply.status == _TOO_MANY or not kind:
        return NotApplied(f"Bling answered {reply.status} to a token call", 60)
    return Refused(reply.status, kind, message)
