"""The caller: a shop, and a name for its credential. This file has one proof: ``Authorization: Api-Key <key>``."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from reservations.api_keys import usable_keys
from reservations.engine import Shopper
from reservations.models import Scope, Shop, hash_key

from .errors import InvalidApiKey, MissingApiKey
from .key_use import key_use
from .limits import MAX_CREDENTIAL_LENGTH

# Every process refuses a revoked key at most a second later: it keeps an answer for the first of these, and for the
# second at most while one request asks the database again. Their sum is that second.
CACHE_SECONDS = 0.8
GRACE_SECONDS = 0.2
# The cache keeps only keys that exist, so strangers cannot fill it; this bounds a service with very many shops.
CACHE_SIZE = 10_000


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller whose proof holds.

    ``credential`` names the proof (``key:12``): idempotency keys of two credentials never meet.
    ``requests_per_minute`` is None where there is no limit, ``scopes`` where the credential may do all. ``shopper`` is
    None for the merchant's own servers and pages: what a shopper may hold unpaid is limited.
    """

    shop: Shop
    credential: str
    requests_per_minute: int | None = None
    shopper: Shopper | None = None
    scopes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """A caller, when its answer grows old, and whether a request is asking again already."""

    until: float
    caller: Caller
    is_asked: bool = False


class CallerCache:
    """The keys that the database knew within the last second. For any other key it asks again."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._known: dict[str, KnownCaller] = {}

    def find(self, key_hash: str) -> Caller:
        """The caller with this key. Raises InvalidApiKey."""
        known = self._known.get(key_hash)
        # The second counts from before the query: the row may have changed right after it was read.
        now = self._clock()
        if known is not None:
            if now < known.until:
                return known.caller
            # One asks for all: in a flash sale thirty threads would otherwise ask the same at once.
            if not known.is_asked and now < known.until + GRACE_SECONDS:
                self._known[key_hash] = KnownCaller(known.until + GRACE_SECONDS, known.caller, is_asked=True)
        caller = self._ask(key_hash)
        # Cheaper than to remember which key is the oldest: the next second fills it with those in use.
        if len(self._known) >= CACHE_SIZE:
            self._known.clear()
        self._known[key_hash] = KnownCaller(now + CACHE_SECONDS, caller)
        return caller

    def _ask(self, key_hash: str) -> Caller:
        try:
            return _look_up(key_hash)
        except InvalidApiKey:
            self._known.pop(key_hash, None)
            raise

    def clear(self) -> None:
        """Forget every key."""
        self._known.clear()


def _look_up(key_hash: str) -> Caller:
    key = usable_keys().select_related("shop").filter(hash=key_hash).first()
    if key is None:
        raise InvalidApiKey
    key_use.note(key.pk)
    scopes = None if Scope.ALL in key.scopes else frozenset(key.scopes)
    return Caller(key.shop, f"key:{key.pk}", key.requests_per_minute, scopes=scopes)


callers = CallerCache()


class Authentication(BaseAuthentication):
    """A kind of proof: it finds the caller in the head of a request, which CGI names."""

    @staticmethod
    @abstractmethod
    def caller_of(meta: Mapping[str, Any]) -> Caller | None:
        """The caller; None for another kind of proof. Raises the errors of its kind."""

    def authenticate(self, request: Request) -> tuple[None, Caller] | None:
        """No user, and the caller: as the REST framework asks for it."""
        caller = self.caller_of(request.META)
        return None if caller is None else (None, caller)


def identify(proofs: Sequence[type[Authentication]], meta: Mapping[str, Any]) -> Caller:
    """The caller, by the first of the `proofs` that the head has. Raises MissingApiKey and the errors of a proof."""
    for proof in proofs:
        if (caller := proof.caller_of(meta)) is not None:
            return caller
    raise MissingApiKey


class ApiKeyAuthentication(Authentication):
    """Finds the shop of the request's key."""

    @staticmethod
    def caller_of(meta: Mapping[str, Any]) -> Caller | None:
        """The caller; None for a session token. Raises MissingApiKey or InvalidApiKey."""
        scheme, _, key = meta.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "api-key":
            if scheme.lower() == "bearer":
                return None  # the next authenticator's to judge
            raise MissingApiKey
        if not key or len(key) > MAX_CREDENTIAL_LENGTH:
            raise InvalidApiKey
        return callers.find(hash_key(key.strip()))

    def authenticate_header(self, request: Request) -> str:
        """The challenge of a 401."""
        return InvalidApiKey().headers()["WWW-Authenticate"]


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema names this proof."""

    target_class = ApiKeyAuthentication
    name = "ApiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """The scheme as OpenAPI has it: a header whose value is ``Api-Key``, a space, and the key."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Api-Key <key>`, for example `Api-Key demo-key`",
        }
