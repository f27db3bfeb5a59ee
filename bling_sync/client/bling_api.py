"""Bling's API for one shop: paces and authorizes each call, and returns a value or raises from `bling_sync.errors`."""

import logging
import random
from collections.abc import Callable
from typing import Any

import requests
from django.conf import settings

from bling_sync.errors import (
    AccessRefused,
    BlingError,
    NotApplied,
    OutcomeUnknown,
    RateLimited,
    ReadFailed,
    Refused,
    ScopeMissing,
    Unreachable,
    Waiting,
    error_of,
    fields_of,
)
from bling_sync.oauth import token_pair
from plumbing.away_from_database import pause
from plumbing.outbound_http import Query, new_session

from . import account_health, pace
from .transport import Reply, Request, exchange

logger = logging.getLogger(__name__)

_ATTEMPTS = 3
_FIRST_NAP_SECONDS = 1.0
_ACCESS_REFUSED_SECONDS = 5.0
_OK, _BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN, _TIMEOUT, _TOO_MANY, _SERVER_ERROR = 200, 400, 401, 403, 408, 429, 500


class Bling:
    """The API as one shop may use it. Bling counts requests by `limit_key`, the company's id.

    `calls` counts the requests that it sent. It uses a given `token` as it is, to learn which company it belongs to. It
    calls `may_write` right before it sends a write, after all waiting: a worker that waited too long may have lost the
    push to another.
    """

    def __init__(
        self, shop_id: int, limit_key: str, *, token: str = "", may_write: Callable[[], bool] | None = None
    ) -> None:
        self.shop_id = shop_id
        self.limit_key = limit_key
        self.calls = 0
        self._given_token = token
        self._may_write = may_write
        self._session = new_session()

    def get(self, path: str, query: Query | None = None) -> Any:
        """The `data` of a read, after up to three tries.

        Raises Refused, ReadFailed and the other leaves of NotApplied.
        """
        for attempt in range(_ATTEMPTS):
            try:
                return _said(self._call(self._session, "GET", path, query=query))
            except OutcomeUnknown as error:
                failed: NotApplied = ReadFailed(str(error))
            except (Unreachable, RateLimited) as error:
                failed = error
            if attempt == _ATTEMPTS - 1 or (isinstance(failed, RateLimited) and failed.day):
                break
            pause(_FIRST_NAP_SECONDS * 2**attempt * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
        account_health.failed(self.shop_id, failed)
        raise failed

    def post(self, path: str, body: object = None) -> Any:
        """The `data` of a write (None of an answer without one), made once.

        Raises Refused and NotApplied when nothing was done, OutcomeUnknown when something may have been.
        """
        # A fresh connection: Bling may drop one kept open in the instant that we use it, and then nobody knows whether
        # it read the request.
        with new_session() as session:
            try:
                reply = self._call(session, "POST", path, body=body)
            except BlingError as error:
                if not isinstance(error, Refused):
                    account_health.failed(self.shop_id, error)
                raise
        return _data(reply)

    def _call(self, session: requests.Session, method: str, path: str, **content: Any) -> Reply:
        account_health.may_ask(self.shop_id)
        token = self._given_token or token_pair.access_token(self.shop_id)
        try:
            return self._send(session, method, path, token, **content)
        except AccessRefused:
            if self._given_token:
                raise
        return self._send(session, method, path, token_pair.access_token(self.shop_id, refused=token), **content)

    def _send(self, session: requests.Session, method: str, path: str, token: str, **content: Any) -> Reply:
        request = Request(method, settings.BLING_API_URL + path, f"Bearer {token}", **content)
        with pace.one_request(self.limit_key):
            if method != "GET" and self._may_write is not None and not self._may_write():
                raise Waiting("it waited too long for its turn and was given up", 0)
            self.calls += 1
            reply = exchange(session, request)
        level = logging.DEBUG if method == "GET" and reply.status == _OK else logging.INFO
        facts = (self.shop_id, method, path, reply.status, reply.seconds, reply.request_id)
        logger.log(level, "bling: shop %s: %s %s %s in %.2f s, request %s", *facts)
        if reply.status // 100 == _OK // 100:
            account_health.answered(self.shop_id)
            return reply
        raise _error(reply)


def _said(reply: Reply) -> Any:
    """The `data` of an answer. A page of an outage has none, and we conclude nothing from that."""
    if not isinstance(reply.json, dict) or "data" not in reply.json:
        raise OutcomeUnknown(f"Bling answered {reply.status} without data")
    return reply.json["data"]


def _data(reply: Reply) -> Any:
    return reply.json.get("data") if isinstance(reply.json, dict) else None


def _error(reply: Reply) -> BlingError:
    kind, message, error = error_of(reply.json)
    # None of these says whether Bling carried the request out.
    if reply.status >= _SERVER_ERROR or reply.status < _BAD_REQUEST or reply.status == _TIMEOUT:
        return OutcomeUnknown(f"Bling answered {reply.status} {kind}")
    if reply.status == _UNAUTHORIZED:
        return AccessRefused(f"Bling answered 401 {kind}: {message}"[:300], _ACCESS_REFUSED_SECONDS)
    if reply.status == _TOO_MANY:
        day = error.get("period") == "day"
        return RateLimited(
            f"Bling answered 429: {message}"[:300], account_health.SPENT_DAY_SECONDS if day else 1.5, day=day
        )
    if reply.status == _FORBIDDEN and kind == "insufficient_scope":
        return ScopeMissing(reply.status, kind, message)
    if reply.status == _FORBIDDEN:
        # Bling's edge refuses for a while, not for a missing right.
        return NotApplied(f"Bling's edge answered 403: {message}"[:300])
    return Refused(reply.status, kind or "UNKNOWN", message, fields_of(error))
