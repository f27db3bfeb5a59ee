"""A request as the API means it, whichever way it came in and wherever it waits.

What a request means is written once, as coroutines over this class. A request that came through Django waits in a
thread of its own (:mod:`.thread_request`), so its coroutines never pause.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings

from reservations.engine import Reservation
from reservations.models import Shop

from .authentication import Caller
from .language import language_of

T = TypeVar("T")
Holds = tuple[Reservation, ...]
# Raises Throttled when the cart that a body names has used up its share of requests.
CartLimit = Callable[[Caller, UUID], None]


class WebRequest(ABC):
    """A request: its head as CGI names it (``meta``), and once somebody has proved it, its ``caller``.

    Every query that it leads to names the caller's ``shop``.
    """

    __slots__ = ("caller", "cart_limit", "meta", "method", "path")

    caller: Caller

    def __init__(self, meta: Mapping[str, Any], method: str, path: str, cart_limit: CartLimit | None = None) -> None:
        self.meta, self.method, self.path = meta, method, path
        self.cart_limit = cart_limit

    @property
    def shop(self) -> Shop:
        """The caller's shop."""
        return self.caller.shop

    @property
    def language(self) -> str:
        """The language of the sentences in its answer."""
        return language_of(self.meta.get("HTTP_ACCEPT_LANGUAGE"))

    @abstractmethod
    async def body(self) -> bytes:
        """All bytes of the body. Raises BodyTooLarge, IncompleteBody or BadRequest."""

    @abstractmethod
    async def ask(self, question: Callable[[], T]) -> T:
        """The answer to a question that may wait for the database or for Redis. Raises what it raises."""

    @abstractmethod
    async def submit(self, verb: Callable[..., Holds]) -> Holds:
        """What a verb of the engine, with all that it needs, comes to. Raises what the verb raises."""


def is_secure(meta: Mapping[str, Any]) -> bool:
    """Whether a request with this head came by HTTPS, as Django's ``HttpRequest.is_secure`` judges."""
    trusted = settings.SECURE_PROXY_SSL_HEADER
    if trusted and (said := meta.get(trusted[0])) is not None:
        return bool(said.split(",", 1)[0].strip() == trusted[1])
    return meta.get("wsgi.url_scheme") == "https"
