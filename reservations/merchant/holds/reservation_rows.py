"""Reservations as rows of a page: with source, order, reason, and whether more time can be given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from plumbing import database_clock
from reservations.merchant.order_names import order_names
from reservations.models import Reservation, Shop, Status

from .explanation import reasons, why
from .reservation_list import Outcome, ends
from .reservation_source import Source, sources


@dataclass(frozen=True, slots=True)
class Row:
    """A reservation and all that a page says of it. ``can_grow``: the shop's ceiling leaves it more time."""

    reservation: Reservation
    outcome: Outcome
    source: Source
    order: str
    why: str
    can_grow: bool

    @property
    def is_live(self) -> bool:
        """Whether it still holds its units."""
        return self.outcome == Outcome.ACTIVE

    @property
    def ends(self) -> datetime:
        """When it ended, or will."""
        return ends(self.reservation)


def rows_of(shop: Shop, reservations: Sequence[Reservation]) -> Sequence[Row]:
    """The rows, with as many queries for fifty as for one."""
    known, said = sources(shop, reservations), reasons(shop, reservations)
    names = order_names(shop.pk, {one.order_id for one in reservations})
    ceiling, at = timedelta(seconds=shop.hold_ceiling_seconds), database_clock.now()
    found = []
    for one in reservations:
        over = one.status == Status.ACTIVE and one.expires_at <= at
        order = names.get(one.order_id, one.order_id)
        source = known[one.pk]
        text = why(
            one, is_over=over or one.status == Status.EXPIRED, source=source, order=order, reason=said.get(one.pk, "")
        )
        outcome = Outcome.EXPIRED if over else Outcome(one.status)
        # An order's payment ends its hold, and no ceiling does.
        can_grow = source == Source.UNPAID or one.expires_at < one.created_at + ceiling
        found.append(Row(one, outcome, source, order, text, can_grow))
    return found
