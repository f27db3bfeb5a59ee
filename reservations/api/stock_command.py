"""A POST that changes stock: read the body, call the engine once, keep the answer under the idempotency key."""

import hashlib
import re
from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from reservations.engine import AlreadyAnswered, Answer, EngineError, Idempotency, Outcome

from . import answers, body
from .answers import Reply
from .errors import InvalidIdempotencyKey
from .operation import Operation
from .web_request import Holds, WebRequest

if TYPE_CHECKING:
    from .pipeline import StrictSerializer

Asked = Mapping[str, Any]
# Visible ASCII: what every proxy and client library carries unchanged.
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")
# The outcomes that a retry gets again. The others are states that pass, and a retry wants to know the new one.
_KEPT = frozenset({200, 404, 410})


class StockCommand(Operation):
    """An operation that changes stock. It says what its body has, which verb of the engine it is, and what it tells."""

    serializer: "StrictSerializer"

    @abstractmethod
    async def carry_out(
        self, request: WebRequest, asked: Asked, idempotency: Idempotency | None, **address: str
    ) -> Holds:
        """Submit the one verb of the engine that this request means. Raises EngineError and AlreadyAnswered."""

    @abstractmethod
    def told(self, request: WebRequest, holds: Holds, asked: Asked, **address: str) -> Mapping[str, Any]:
        """The body of the 200, from the reservations that the verb concerned."""

    async def reply(self, request: WebRequest, **address: str) -> Reply:
        """Read the body, carry it out, and answer. Raises ApiError for a refused body, and what the verb raises."""
        asked, sent = await body.members(request, self.serializer)
        language = request.language

        def render(outcome: Outcome) -> Answer | None:
            if isinstance(outcome, EngineError):
                return answers.refusal(outcome, language) if outcome.status in _KEPT else None
            return answers.success(self.told(request, outcome, asked, **address))

        try:
            key, credential = self.key(request, asked), self.credential(request, asked)
            idempotency = _idempotency(request, credential, key, sent, render)
            holds = await self.carry_out(request, asked, idempotency, **address)
        except AlreadyAnswered as repeated:
            return answers.send_replay(repeated.answer)
        return answers.send(answers.success(self.told(request, holds, asked, **address)))

    def key(self, request: WebRequest, asked: Asked) -> str | None:
        """The caller's idempotency key, from its header."""
        key: str | None = request.meta.get("HTTP_IDEMPOTENCY_KEY")
        return key

    def credential(self, request: WebRequest, asked: Asked) -> str:
        """Whose the idempotency key is: those of two credentials never meet."""
        return request.caller.credential


def _idempotency(
    request: WebRequest, credential: str, key: str | None, sent: bytes, render: Callable[[Outcome], Answer | None]
) -> Idempotency | None:
    """The caller's key with the digest of its request, or None without a key. Raises InvalidIdempotencyKey."""
    if key is None:
        return None
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise InvalidIdempotencyKey
    return Idempotency(credential, key, fingerprint(request.method, request.path, sent), render)


def fingerprint(method: str | None, path: str, sent: bytes) -> bytes:
    """The digest of a request. A path holds no newline that a SKU could hide in: control characters are refused."""
    return hashlib.sha256(f"{method}\n{path}\n".encode() + sent).digest()
