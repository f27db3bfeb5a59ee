"""A POST: what was sent, the engine called once, the answer kept under the caller's idempotency key."""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from reservations.engine import AlreadyAnswered, Answer, EngineError, Idempotency, Outcome, Reservation

from . import answers, body
from .caller import ApiRequest, Caller
from .errors import InvalidIdempotencyKey
from .language import language_of
from .pipeline import ApiView
from .serializers import StrictSerializer, validated

Holds = tuple[Reservation, ...]
# Visible ASCII: what every proxy and client library carries unchanged.
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")
# The outcomes that a retry gets again. The others are states that pass, and a retry wants to know the new one.
_KEPT = frozenset({200, 404, 410})


class CommandView(ApiView):
    """A view whose POST changes stock."""

    serializer: StrictSerializer

    def carry_out(
        self,
        request: ApiRequest,
        command: Callable[[Mapping[str, Any], Idempotency | None], Holds],
        shape: Callable[[Holds], Mapping[str, Any]],
    ) -> HttpResponse:
        """Read the body, call `command` with what it says, and answer with the `shape` of what it returns.

        Raises ApiError for what was sent and EngineError for what cannot be done.
        """
        # Django's own request: each attribute read through the REST framework's costs a microsecond.
        plain = request._request
        sent = body.read(plain)
        asked = validated(self.serializer, body.parse(plain, sent))
        self.check_cart(request, asked)
        language = language_of(plain.META.get("HTTP_ACCEPT_LANGUAGE"))

        def render(outcome: Outcome) -> Answer | None:
            if isinstance(outcome, EngineError):
                return answers.refusal(outcome, language) if outcome.status in _KEPT else None
            return answers.success(shape(outcome))

        try:
            holds = command(asked, _idempotency(plain, request.caller, sent, render))
        except AlreadyAnswered as repeated:
            return answers.send_replay(repeated.answer)
        return answers.send(answers.success(shape(holds)))


def _idempotency(
    request: HttpRequest, caller: Caller, sent: bytes, render: Callable[[Outcome], Answer | None]
) -> Idempotency | None:
    """The caller's key with the digest of what came with it, or None without one. Raises InvalidIdempotencyKey."""
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return None
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise InvalidIdempotencyKey
    return Idempotency(caller.credential, key, fingerprint(request.method, request.path_info, sent), render)


def fingerprint(method: str | None, path: str, sent: bytes) -> bytes:
    """The digest of a request. A path holds no newline that a SKU could hide in: control characters are refused."""
    return hashlib.sha256(f"{method}\n{path}\n".encode() + sent).digest()
