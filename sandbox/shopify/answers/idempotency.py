"""`@idempotent(key:)`: the same key and input is answered again without a second effect."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, get_directive_values

from sandbox.shopify.answers.resolvers import Context, resolvers, snake_case, user_error

Mutation = Callable[..., dict[str, Any]]


@dataclass
class Record:
    """What was done for a key: the mutation's input, its payload, and whether it had user errors."""

    fingerprint: str
    payload: dict[str, Any]
    failed: bool


def idempotent(name: str, empty: str) -> Callable[[Mutation], Mutation]:
    """Decorate a mutation that needs a key. `empty` is the payload's field that is null when it is refused."""

    def add(function: Mutation) -> Mutation:
        def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> dict[str, Any]:
            key = _key(info)
            fingerprint = json.dumps([name, arguments], sort_keys=True, default=str)
            record = info.context.shopify.idempotency.get((info.context.store.domain, key))
            if record is not None:
                return _again(record, fingerprint, empty)
            payload = function(info.context, **snake_case(arguments))
            _remember(info.context, key, Record(fingerprint, payload, bool(payload["userErrors"])))
            return payload

        resolvers[f"Mutation.{name}"] = resolve
        return function

    return add


def _key(info: GraphQLResolveInfo[Any]) -> str:
    directive = info.schema.get_directive("idempotent")
    assert directive is not None
    values = get_directive_values(directive, info.field_nodes[0], info.variable_values)
    if not values:
        raise GraphQLError(
            "The @idempotent directive is required for this mutation but was not provided.",
            extensions={"code": "BAD_REQUEST"},
        )
    return str(values["key"])


def _again(record: Record, fingerprint: str, empty: str) -> dict[str, Any]:
    if record.fingerprint != fingerprint:
        return _refused(empty, "IDEMPOTENCY_KEY_PARAMETER_MISMATCH", "The same key was used with other parameters.")
    if record.failed:
        return _refused(empty, "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED", "The attempt with this key failed.")
    return record.payload


def _refused(empty: str, code: str, message: str) -> dict[str, Any]:
    return {empty: None, "userErrors": [user_error(message, code=code)]}


def _remember(context: Context, key: str, record: Record) -> None:
    context.shopify.idempotency[context.store.domain, key] = record
