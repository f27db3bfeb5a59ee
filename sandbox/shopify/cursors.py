"""Pages of a list, by cursors that stay good while the list changes."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError

from sandbox.shopify.entities import Entity

LARGEST_PAGE = 250
BAD = {"code": "BAD_REQUEST"}


@dataclass(frozen=True)
class Connection:
    """A page of entities."""

    nodes: Sequence[Entity]
    has_next: bool = False
    has_previous: bool = False

    @property
    def edges(self) -> list[dict[str, Any]]:
        """The same with cursors."""
        return [{"cursor": cursor(node), "node": node} for node in self.nodes]

    @property
    def page_info(self) -> dict[str, Any]:
        """Where this page lies."""
        return {
            "hasNextPage": self.has_next,
            "hasPreviousPage": self.has_previous,
            "startCursor": cursor(self.nodes[0]) if self.nodes else None,
            "endCursor": cursor(self.nodes[-1]) if self.nodes else None,
        }


def cursor(entity: Entity) -> str:
    """Where an entity lies in a list."""
    return base64.urlsafe_b64encode(f"n:{entity.number}".encode()).decode()


def page(
    found: Sequence[Entity],
    *,
    unlimited: bool = False,
    first: int | None = None,
    last: int | None = None,
    after: str | None = None,
    before: str | None = None,
    reverse: bool = False,
    **_: Any,
) -> Connection:
    """The page that the arguments of a connection mean, in the order of ids. Raises GraphQLError."""
    every = sorted(found, key=lambda entity: entity.number, reverse=reverse)
    inside = [entity for entity in every if _lies_between(entity, after, before, reverse=reverse)]
    if unlimited:
        return Connection(inside)
    size = _size(first, last)
    chosen = inside[:size] if first is not None else inside[max(0, len(inside) - size) :]
    if not chosen:
        return Connection([])
    return Connection(chosen, chosen[-1] is not every[-1], chosen[0] is not every[0])


def _size(first: int | None, last: int | None) -> int:
    if (first is None) == (last is None):
        raise GraphQLError("you must provide one of first or last", extensions=BAD)
    size = first if first is not None else last
    assert size is not None
    if not 0 <= size <= LARGEST_PAGE:
        raise GraphQLError(f"first and last must be from 0 to {LARGEST_PAGE}", extensions=BAD)
    return size


def _lies_between(entity: Entity, after: str | None, before: str | None, *, reverse: bool) -> bool:
    sign = -1 if reverse else 1
    return (after is None or sign * entity.number > sign * _number(after)) and (
        before is None or sign * entity.number < sign * _number(before)
    )


def _number(text: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(text).decode().removeprefix("n:"))
    except ValueError:
        raise GraphQLError("Invalid cursor for current pagination sort.", extensions=BAD) from None
