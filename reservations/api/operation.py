"""What an address means, for one method: from a request whose caller is known to its reply."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from reservations.models import Scope

from .answers import Reply
from .authentication import Authentication, identify
from .errors import InsufficientScope
from .throttle import Limit
from .web_request import WebRequest


class Operation(ABC):
    """The meaning of an address and a method. One object answers all requests."""

    # What it asks of an API key. One that says nothing is for keys that may do all.
    scope: ClassVar[Scope] = Scope.ALL

    @abstractmethod
    async def reply(self, request: WebRequest, **address: str) -> Reply:
        """Answer a request that was admitted, with the parts of its address. Raises EngineError."""


async def admit(
    request: WebRequest, proofs: Sequence[type[Authentication]], limits: Sequence[type[Limit]], scope: Scope
) -> None:
    """Note who calls, by the first of these proofs that the request brings, and count the call against the limits.

    Raises MissingApiKey, what a proof raises, InsufficientScope for a key that may not do this, and Throttled.
    """
    request.caller = caller = await request.ask(partial(identify, proofs, request.meta))
    if caller.scopes is not None and scope not in caller.scopes:
        raise InsufficientScope(scope)
    for limit in limits:
        if limit.concerns(caller):
            await request.ask(partial(limit.count, request.meta, caller))
