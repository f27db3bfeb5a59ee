"""A POST that changes stock: read the body, call the engine once, keep the answer under the idempotency key."""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from reservations.engine import AlreadyAnswered, Answer, EngineError, Idempotency, Outcome, Reservation

from . import answers
from .errors import InvalidIdempotencyKey
from .language import language_of
from .pipeline import ApiRequest, ApiView

Holds = tuple[Reservation, ...]
# Visible ASCII: what every proxy and client library carries unchanged.
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")
# The outcomes that a retry gets again. The others are states that pass, and a retry wants to know the new one.
_KEPT = frozenset({200, 404, 410})


class CommandView(ApiView):
    """A view whose POST changes stock. It declares three things: the `serializer` of its body, `call` and `answer`."""

    # Takes the request, the members of its body, the caller's idempotency key (or None) and the parts of the address;
    # calls the engine once and returns the reservations concerned. Raises EngineError.
    call: Callable[..., Holds]
    # The body of the 200, from the reservations, the members of the request and the parts of its address.
    answer: Callable[..., Mapping[str, Any]]

    def post(self, request: ApiRequest, **address: str) -> HttpResponse:
        """Read the body, carry it out, and answer. Raises ApiError for a refused body, and what `call` raises."""
        asked, sent = self.read(request)
        plain = request._request
        language = language_of(plain.META.get("HTTP_ACCEPT_LANGUAGE"))

        def render(outcome: Outcome) -> Answer | None:
            if isinstance(outcome, EngineError):
                return answers.refusal(outcome, language) if outcome.status in _KEPT else None
            return answers.success(self.answer(outcome, asked, **address))

        try:
            key = self.key(plain, asked)
            idempotency = _idempotency(plain, self.credential(request, asked), key, sent, render)
            holds = self.call(request, asked, idempotency, **address)
        except AlreadyAnswered as repeated:
            return answers.send_replay(repeated.answer)
        return answers.send(answers.success(self.answer(holds, asked, **address)))

    def key(self, request: HttpRequest, asked: Mapping[str, Any]) -> str | None:
        """The caller's idempotency key, from its header."""
        key: str | None = request.META.get("HTTP_IDEMPOTENCY_KEY")
        return key

    def credential(self, request: ApiRequest, asked: Mapping[str, Any]) -> str:
        """Whose the idempotency key is: those of two credentials never meet."""
        return request.caller.credential


def _idempotency(
    request: HttpRequest, credential: str, key: str | None, sent: bytes, render: Callable[[Outcome], Answer | None]
) -> Idempotency | None:
    """The caller's key with the digest of its request, or None without a key. Raises InvalidIdempotencyKey."""
    if key is None:
        return None
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise InvalidIdempotencyKey
    return Idempotency(credential, key, fingerprint(request.method, request.path_info, sent), render)


def fingerprint(method: str | None, path: str, sent: bytes) -> bytes:
    """The digest of a request. A path holds no newline that a SKU could hide in: control characters are refused."""
    return hashlib.sha256(f"{method}\n{path}\n".encode() + sent).digest()
