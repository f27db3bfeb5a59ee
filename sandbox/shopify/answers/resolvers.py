"""The table of resolvers, and the rule for every field that is not in it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLResolveInfo

from sandbox.shopify.cursors import Connection, page
from sandbox.shopify.entities import Entity
from sandbox.shopify.shopify import Shopify
from sandbox.shopify.store import Store

Resolver = Callable[..., Any]

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

# Names that Python keeps for itself.
_RENAMED = {"id": "node_id", "input": "values"}

resolvers: dict[str, Resolver] = {}


@dataclass(frozen=True)
class Context:
    """Whose request it is. `unlimited`: a bulk operation, in which lists are not paged."""

    shopify: Shopify
    store: Store
    unlimited: bool = False


def field(*names: str) -> Callable[[Resolver], Resolver]:
    """Decorate the function of (source, context, **arguments) that answers the fields `Type.field`."""

    def add(function: Resolver) -> Resolver:
        def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
            return function(source, info.context, **snake_case(arguments))

        for name in names:
            resolvers[name] = resolve
        return function

    return add


def snake_case(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A field's arguments under the names that Python functions have."""
    named = {_CAPITAL.sub("_", name).lower(): value for name, value in arguments.items()}
    return {_RENAMED.get(name, name): value for name, value in named.items()}


def default(source: Any, info: GraphQLResolveInfo[Any], **_: Any) -> Any:
    """A dict by the field's name, an entity by the same in snake case."""
    if isinstance(source, Mapping):
        return source.get(info.field_name)
    return getattr(source, _CAPITAL.sub("_", info.field_name).lower(), None)


def typename(source: Any, *_: Any) -> str | None:
    """The type of an entity behind an interface."""
    return getattr(source, "typename", None)


def connection(context: Context, found: Iterable[Entity], arguments: dict[str, Any]) -> Connection:
    """A page of a list, or all of it in a bulk operation."""
    return page(list(found), unlimited=context.unlimited, **arguments)


def user_error(message: str, *path: str, code: str | None = None, **more: Any) -> dict[str, Any]:
    """One of a payload's userErrors."""
    return {"message": message, "field": list(path) or None, "code": code, **more}
