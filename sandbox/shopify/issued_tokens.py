"""Access tokens: expiring offline ones with one refreshable pair per store, rotation, and a retry that forgives."""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from sandbox.web import Clock

ACCESS_SECONDS = 3_600
ONLINE_SECONDS = 86_399
REFRESH_SECONDS = 90 * 86_400
RETRY_SECONDS = 30 * 86_400


class TokenRefused(Exception):
    """What the token address answers instead of a token; the message is OAuth's error."""


@dataclass
class Access:
    """An access token. `expires_at` None: it never expires, which the Admin API no longer accepts."""

    shop: str
    expires_at: float | None
    pair: int = 0


@dataclass
class Refresh:
    """A refresh token. `first_used_at` and `replaced_by` (a pair's number) once it was used."""

    shop: str
    pair: int
    expires_at: float
    first_used_at: float | None = None
    replaced_by: int | None = None


@dataclass(frozen=True)
class Issue:
    """A token that was given out; `at` is `time.monotonic()`."""

    at: float
    shop: str
    kind: str
    access_token: str
    refresh_token: str | None


class Tokens:
    """Every token of every store."""

    def __init__(self, clock: Clock) -> None:
        """Begin with none."""
        self.issued: list[Issue] = []
        self._clock = clock
        self._access: dict[str, Access] = {}
        self._refresh: dict[str, Refresh] = {}
        self._used_pairs: set[int] = set()
        self._pairs = 0

    def exchange(self, shop: str, scope: str, *, expiring: bool) -> dict[str, Any]:
        """An offline token for a session token. The refresh token of a former exchange is void at once."""
        if not expiring:
            token = _access_token()
            self._access[token] = Access(shop, None)
            self._note(shop, "exchange", token, None)
            return {"access_token": token, "scope": scope}
        self._refresh = {name: known for name, known in self._refresh.items() if known.shop != shop}
        return self._pair(shop, scope, "exchange")

    def online(self, shop: str, scope: str, user: int) -> dict[str, Any]:
        """A token of one user; it has no refresh token."""
        token = _access_token()
        self._access[token] = Access(shop, self._clock.now() + ONLINE_SECONDS)
        self._note(shop, "online", token, None)
        return {
            "access_token": token,
            "scope": scope,
            "expires_in": ONLINE_SECONDS,
            "associated_user_scope": scope,
            "associated_user": {
                "id": user,
                "first_name": "Lia",
                "last_name": "Lojista",
                "email": "lia@exemplo.com.br",
                "email_verified": True,
                "account_owner": True,
                "locale": "pt-BR",
                "collaborator": False,
            },
        }

    def migrate(self, shop: str, scope: str, token: str) -> dict[str, Any]:
        """An expiring pair for a token that never expires, which is void from then on. Raises TokenRefused."""
        known = self._access.get(token)
        if known is None or known.shop != shop or known.expires_at is not None:
            raise TokenRefused("invalid_subject_token")
        del self._access[token]
        return self.exchange(shop, scope, expiring=True)

    def refresh(self, shop: str, scope: str, token: str) -> dict[str, Any]:
        """Give a new pair; the same token may be tried again until that pair is used. Raises TokenRefused."""
        now, known = self._clock.now(), self._refresh.get(token)
        if known is None or known.shop != shop or known.expires_at <= now:
            raise TokenRefused("invalid_grant")
        if known.replaced_by is not None:
            self._check_retry(known, now)
        answer = self._pair(shop, scope, "refresh")
        known.first_used_at = known.first_used_at or now
        known.replaced_by = self._pairs
        self._used_pairs.add(known.pair)
        return answer

    def check(self, shop: str, token: str) -> Access | None:
        """The token if it is this store's and alive. Using it counts as using its pair."""
        known = self._access.get(token)
        if known is None or known.shop != shop:
            return None
        if known.expires_at is not None and known.expires_at <= self._clock.now():
            return None
        self._used_pairs.add(known.pair)
        return known

    def revoke(self, shop: str) -> None:
        """The app was uninstalled: every token of the store dies."""
        self._access = {name: known for name, known in self._access.items() if known.shop != shop}
        self._refresh = {name: known for name, known in self._refresh.items() if known.shop != shop}

    def _check_retry(self, known: Refresh, now: float) -> None:
        """Allow a retry after a lost answer; refuse one once the new pair is in use."""
        assert known.first_used_at is not None
        if known.replaced_by in self._used_pairs or now > known.first_used_at + RETRY_SECONDS:
            raise TokenRefused("invalid_grant")
        self._refresh = {name: other for name, other in self._refresh.items() if other.pair != known.replaced_by}

    def _pair(self, shop: str, scope: str, kind: str) -> dict[str, Any]:
        now, access, refresh = self._clock.now(), _access_token(), f"shprt_{secrets.token_hex(16)}"
        self._pairs += 1
        self._access[access] = Access(shop, now + ACCESS_SECONDS, self._pairs)
        self._refresh[refresh] = Refresh(shop, self._pairs, now + REFRESH_SECONDS)
        self._note(shop, kind, access, refresh)
        return {
            "access_token": access,
            "scope": scope,
            "expires_in": ACCESS_SECONDS,
            "refresh_token": refresh,
            "refresh_token_expires_in": REFRESH_SECONDS,
        }

    def _note(self, shop: str, kind: str, access: str, refresh: str | None) -> None:
        self.issued.append(Issue(time.monotonic(), shop, kind, access, refresh))


def _access_token() -> str:
    return f"shpat_{secrets.token_hex(16)}"
