"""Bling's authorization server: codes, tokens, rotation, and what it does when a code is used twice."""

import secrets
import threading
import time
from dataclasses import dataclass
from typing import Any, Literal

import jwt

from sandbox.bling.errors import refuse
from sandbox.web import Clock, Refusal

CODE_SECONDS = 60
ACCESS_SECONDS = 21_600
REFRESH_SECONDS = 30 * 86_400
SCOPE = "98309 98310 106168 106170 199272 318257570 5990556 507943 363921589 363953167"
# Opaque tokens are short; JWTs were seen from 950 to 3,000 characters.
JWT_PADDING = 1_200

Previous = Literal["refused", "accepted", "revokes"]


@dataclass
class Code:
    """An authorization code on its way through a browser."""

    account_id: str
    grant: int
    expires_at: float
    used: bool = False


@dataclass
class Token:
    """An access or refresh token. `replaced_by`: the refresh token that took its place."""

    account_id: str
    grant: int
    expires_at: float
    is_jwt: bool
    used: bool = False
    replaced_by: str = ""


@dataclass(frozen=True)
class Issue:
    """One pair of tokens that was given out; `at` is `time.monotonic()`."""

    at: float
    account_id: str
    grant_type: str
    access_token: str
    refresh_token: str


class Authority:
    """The authorizations and their tokens. Times are the given clock's."""

    def __init__(self, clock: Clock) -> None:
        """Begin with nothing authorized."""
        self.previous_refresh: Previous = "refused"
        self.issued: list[Issue] = []
        self._clock = clock
        self._codes: dict[str, Code] = {}
        self._access: dict[str, Token] = {}
        self._refresh: dict[str, Token] = {}
        self._grants = 0
        self._key = secrets.token_bytes(32)
        self._lock = threading.RLock()

    def __getstate__(self) -> dict[str, Any]:
        """Everything but the lock, for the books."""
        return {name: value for name, value in vars(self).items() if name != "_lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Go on from the books."""
        self.__dict__.update(state, _lock=threading.RLock())

    def new_code(self, account_id: str) -> str:
        """The merchant said yes."""
        with self._lock:
            self._grants += 1
            code = secrets.token_hex(20)
            self._codes[code] = Code(account_id, self._grants, self._clock.now() + CODE_SECONDS)
        return code

    def exchange(self, code: str, *, is_jwt: bool) -> dict[str, Any]:
        """Tokens for a code, once. Raises Refusal; using a code again while it lives revokes what it brought."""
        with self._lock:
            known = self._codes.get(code)
            if known is None or known.expires_at <= self._clock.now():
                raise refuse(400, "invalid_grant", "invalid_grant", "Authorization code doesn't exist or is invalid")
            if known.used:
                self.revoke_account(known.account_id)
                raise refuse(400, "VALIDATION_ERROR", "Invalid authorization code")
            known.used = True
            return self._issue(known.account_id, known.grant, "authorization_code", is_jwt=is_jwt)

    def refresh(self, token: str, *, is_jwt: bool) -> dict[str, Any]:
        """A new pair for a refresh token. Raises Refusal."""
        with self._lock:
            known = self._refresh.get(token)
            if known is None or known.expires_at <= self._clock.now():
                raise _invalid_refresh_token()
            if known.replaced_by:
                self._judge_previous(known)
            answer = self._issue(known.account_id, known.grant, "refresh_token", is_jwt=is_jwt)
            known.replaced_by = answer["refresh_token"]
            known.used = True
            return answer

    def account_of(self, token: str, *, wants_jwt: bool) -> str:
        """The account whose access token it is. Raises Refusal."""
        with self._lock:
            known = self._access.get(token)
            if known is None:
                raise refuse(401, "invalid_token", "invalid_token", "The access token provided is invalid")
            if known.expires_at <= self._clock.now():
                raise refuse(401, "invalid_token", "invalid_token", "The access token provided has expired")
            if wants_jwt and not known.is_jwt:
                raise refuse(401, "invalid_token", "invalid_token", "The access token provided is not a JWT")
            known.used = True
            return known.account_id

    def revoke(self, token: str, *, whole_account: bool = False) -> None:
        """End the authorization that this token belongs to, or all of its account. An unknown token is no error."""
        with self._lock:
            known = self._refresh.get(token) or self._access.get(token)
            if known is not None and whole_account:
                self.revoke_account(known.account_id)
            elif known is not None:
                self._forget(lambda token: token.grant == known.grant)

    def revoke_account(self, account_id: str) -> None:
        """End every authorization of an account."""
        with self._lock:
            self._forget(lambda token: token.account_id == account_id)

    def is_authorized(self, account_id: str) -> bool:
        """Whether any refresh token of the account is still good."""
        with self._lock:
            return any(
                token.account_id == account_id and not token.replaced_by and token.expires_at > self._clock.now()
                for token in self._refresh.values()
            )

    def _judge_previous(self, known: Token) -> None:
        replacement = self._refresh.get(known.replaced_by)
        if self.previous_refresh == "accepted" and replacement is not None and not replacement.used:
            del self._refresh[known.replaced_by]
            return
        if self.previous_refresh == "revokes":
            self._forget(lambda token: token.grant == known.grant)
        raise _invalid_refresh_token()

    def _issue(self, account_id: str, grant: int, grant_type: str, *, is_jwt: bool) -> dict[str, Any]:
        now = self._clock.now()
        access = self._jwt(account_id, now) if is_jwt else secrets.token_hex(20)
        refresh = secrets.token_hex(20)
        self._access[access] = Token(account_id, grant, now + ACCESS_SECONDS, is_jwt)
        self._refresh[refresh] = Token(account_id, grant, now + REFRESH_SECONDS, is_jwt)
        self.issued.append(Issue(time.monotonic(), account_id, grant_type, access, refresh))
        return {
            "access_token": access,
            "expires_in": ACCESS_SECONDS,
            "token_type": "bearer",
            "scope": SCOPE,
            "refresh_token": refresh,
        }

    def _jwt(self, account_id: str, now: float) -> str:
        claims = {
            "jti": secrets.token_hex(20),
            "company": account_id,
            "iat": int(now),
            "exp": int(now) + ACCESS_SECONDS,
        }
        return jwt.encode(claims | {"scope": SCOPE, "padding": "0" * JWT_PADDING}, self._key, algorithm="HS256")

    def _forget(self, which: Any) -> None:
        self._access = {name: token for name, token in self._access.items() if not which(token)}
        self._refresh = {name: token for name, token in self._refresh.items() if not which(token)}


def _invalid_refresh_token() -> Refusal:
    return refuse(400, "invalid_grant", "invalid_grant", "Invalid refresh token")
