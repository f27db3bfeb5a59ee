"""Errors as responses: each status names the codes that it can carry, with an example of each."""

from collections.abc import Iterable, Iterator
from inspect import getdoc

import orjson
from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from reservations import engine
from reservations.api import errors
from reservations.api.answers import refusal
from reservations.engine import EngineError

from .examples import example

Leaves = tuple[type[EngineError], ...]

# The errors of any call of a shop's server.
OF_ANY_CALL: Leaves = (
    errors.MissingApiKey,
    errors.InvalidApiKey,
    errors.InsufficientScope,
    errors.InvalidSessionToken,
    errors.AppNotInstalled,
    errors.Throttled,
    engine.Busy,
    engine.Unavailable,
)
# Further errors of any call with a body.
OF_ANY_BODY: Leaves = (
    errors.BadRequest,
    errors.BodyTooLarge,
    errors.UnsupportedMediaType,
    errors.IncompleteBody,
    errors.InvalidJson,
    errors.JsonTooDeep,
    errors.DuplicateKey,
    errors.InvalidText,
    errors.InvalidInput,
)
# The errors of any POST that changes stock.
OF_ANY_POST: Leaves = (
    *OF_ANY_CALL,
    *OF_ANY_BODY,
    errors.InvalidIdempotencyKey,
    engine.IdempotencyKeyReused,
    engine.RequestInProgress,
    engine.OutcomeUnknown,
)


def leaves(branch: type[EngineError] = EngineError) -> Iterator[type[EngineError]]:
    """Every error of the tree that has a code of its own."""
    for kind in branch.__subclasses__():
        if "code" in vars(kind):
            yield kind
        yield from leaves(kind)


def responses(kinds: Iterable[type[EngineError]]) -> dict[int, OpenApiResponse]:
    """One response for each status among these errors."""
    by_status: dict[int, list[type[EngineError]]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind)
    return {status: _response(by_status[status]) for status in sorted(by_status)}


def _response(kinds: list[type[EngineError]]) -> OpenApiResponse:
    codes = [kind.code for kind in kinds]
    schema = {
        "allOf": [{"$ref": "#/components/schemas/Error"}, {"properties": {"code": {"enum": codes}}}],
    }
    description = "\n".join(f"- `{kind.code}`: {(getdoc(kind) or '').splitlines()[0]}" for kind in kinds)
    return OpenApiResponse(schema, description, [_example(kind) for kind in kinds])


def _example(kind: type[EngineError]) -> OpenApiExample:
    body = orjson.loads(refusal(example(kind), "en").body)
    return OpenApiExample(kind.code, value=body, response_only=True, status_codes=[str(kind.status)])
