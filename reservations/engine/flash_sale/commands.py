"""Commands: a caller's requests as values that can wait in a queue."""

from dataclasses import dataclass
from functools import singledispatch
from uuid import UUID

from reservations.engine.book import Book, Holder, ReservationRow
from reservations.engine.values import Idempotency, Line, Target


@dataclass(frozen=True, slots=True)
class Reserve:
    """Hold these lines, one per SKU, all or none; for a cart, *set* what it holds of them."""

    shop_id: int
    lines: tuple[Line, ...]
    cart_token: UUID | None
    idempotency: Idempotency | None = None
    # Of a shopper: who asks, for each line. The shop's own servers have none.
    holders: tuple[Holder, ...] = ()

    @property
    def holders_by_sku(self) -> dict[str, Holder]:
        """Who asks, by SKU; empty for the shop's own servers."""
        if not self.holders:
            return {}
        return {line.sku: holder for line, holder in zip(self.lines, self.holders, strict=True)}

    @property
    def sku(self) -> str | None:
        """The SKU, if it wants only one."""
        return self.lines[0].sku if len(self.lines) == 1 else None


@dataclass(frozen=True, slots=True)
class Confirm:
    """Turn live holds into sales."""

    shop_id: int
    target: Target
    order_id: str
    idempotency: Idempotency | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """Give live holds back."""

    shop_id: int
    target: Target
    reason: str
    idempotency: Idempotency | None = None
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Extend:
    """Give live holds a fresh term, under the shop's ceiling."""

    shop_id: int
    target: Target
    idempotency: Idempotency | None = None


Command = Reserve | Confirm | Release | Extend


@singledispatch
def decide(command: Command, book: Book) -> tuple[ReservationRow, ...]:
    """Carry `command` out in the book, all or nothing, or raise its refusal.

    Each verb's module registers its decision here, so that a batch need not know the verbs.
    """
    raise NotImplementedError(command)
