"""What every object of a store has."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar


def gid(typename: str, number: int) -> str:
    """The global id of an object."""
    return f"gid://shopify/{typename}/{number}"


def stamp(at: datetime | None) -> str | None:
    """A time as GraphQL prints it."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(kw_only=True, eq=False)
class Entity:
    """Anything with an id and two times."""

    typename: ClassVar[str]
    number: int
    created: datetime
    updated: datetime = field(init=False)

    def __post_init__(self) -> None:
        """It was last changed when it was made."""
        self.updated = self.created

    @property
    def id(self) -> str:
        """Its global id."""
        return gid(self.typename, self.number)

    @property
    def legacy_resource_id(self) -> int:
        """Its id in webhooks."""
        return self.number

    @property
    def created_at(self) -> str | None:
        """When it was made."""
        return stamp(self.created)

    @property
    def updated_at(self) -> str | None:
        """When it last changed."""
        return stamp(self.updated)
