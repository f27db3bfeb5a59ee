"""What an address means, for one method: from a request whose caller is known to its reply."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import partial

from .answers import Reply
from .authentication import Authentication, identify
from .throttle import Limit
from .web_request import WebRequest


class Operation(ABC):
    """The meaning of an address and a method. One object answers all requests."""

    @abstractmethod
    async def reply(self, request: WebRequest, **address: str) -> Reply:
        """Answer a request that was admitted, with the parts of its address. Raises EngineError."""


async def admit(request: WebRequest, proofs: Sequence[type[Authentication]], limits: Sequence[type[Limit]]) -> None:
    """Note who calls, by the first of these proofs that the request brings, and count the call against the limits.

    Raises MissingApiKey, what a proof raises, and Throttled.
    """
    request.caller = caller = await request.ask(partial(identify, proofs, request.meta))
    for limit in limits:
        if limit.concerns(caller):
            await request.ask(partial(limit.count, request.meta, caller))
