"""Extend by hand: a person gives a buyer more time, and the ledger says who did."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from reservations.models import MovementKind, Status

from . import named_reservations
from .book import Book, ReservationRow, open_book
from .book.book import LONGEST_REFERENCE
from .values import ByIds, Reservation

_IN_THE_WAY = (Status.EXPIRED, Status.RELEASED, Status.CONFIRMED)


@dataclass(frozen=True, slots=True)
class ExtendedByHand:
    """A hold, and how much later it ends than before: zero if it stood at the shop's ceiling already."""

    reservation: Reservation
    given: timedelta


def extend_by_hand(shop_id: int, reservation_id: UUID, *others: UUID, by: str, more: timedelta) -> ExtendedByHand:
    """Let a live hold end up to `more` later, never past the ceiling counted from its first second, and `others` too.

    The buyer's own :func:`extend` leaves no trace; this is a favour at the cost of other buyers, so the ledger gets a
    row without deltas that names the giver (`by`) and the seconds. With no time left to give, nothing is written. The
    hold of an unpaid order has no ceiling: its payment ends it. A dead hold is never revived: raises
    UnknownReservation, ReservationExpired, ReservationReleased, ReservationConfirmed, and Busy, Unavailable and
    OutcomeUnknown.
    """
    ids = (reservation_id, *others)
    with open_book(shop_id, reservation_ids=list(ids)) as book:
        found = named_reservations.find(book, ByIds(ids), *_IN_THE_WAY)
        named_reservations.refuse(found, *_IN_THE_WAY)
        given = [_give(book, row, more, by) for row in found]
    return ExtendedByHand(found[0].as_reservation(), given[0])


def _give(book: Book, row: ReservationRow, more: timedelta, by: str) -> timedelta:
    until = row.expires_at + more
    if not row.order_id:
        until = min(until, row.created_at + book.rules.ceiling)
    given = until - row.expires_at
    if given <= timedelta(0):
        return timedelta(0)
    book.set_expiry(row, until)
    reference = f"{by}: +{given.total_seconds():.0f} s"[:LONGEST_REFERENCE]
    book.move(row.item, MovementKind.EXTENDED, reservation_id=row.id, reference=reference)
    return given
