"""Prolong: a person gives a buyer more time, and the ledger says who did."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from reservations.models import MovementKind, Status

from . import targets
from .batch import finish
from .book import locking, reads
from .book.book import Book, Held
from .book.transaction import transaction_session
from .values import ByIds, Hold

LONGEST_REFERENCE = 255
_IN_THE_WAY = (Status.EXPIRED, Status.RELEASED, Status.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Prolonged:
    """A hold, and how much later it ends than before: zero where it stood at the shop's ceiling already."""

    hold: Hold
    given: timedelta


def prolong(shop_id: int, reservation_id: UUID, *, by: str, more: timedelta) -> Prolonged:
    """Let a live hold end up to `more` later, never past the ceiling counted from its first second.

    The buyer's own :func:`extend` leaves no trace; this is a favour at the cost of other buyers, so the ledger gets a
    row without deltas that names `by` whom and how many seconds. Without a second to give nothing is written. A dead
    hold is never revived: raises UnknownReservation, ReservationExpired, ReservationReleased, ReservationConfirmed,
    and Busy, Unavailable and OutcomeUnknown.
    """
    lock = locking.statement(locking.by_reservation, 2)
    with transaction_session() as session:
        locked = reads.lock(session, shop_id, lock, [reservation_id], [])
        book = reads.open_book(session, shop_id, locked, reads.by_id(session, shop_id, [reservation_id]))
        found = targets.find(book, ByIds((reservation_id,)), *_IN_THE_WAY)
        targets.refuse(found, *_IN_THE_WAY)
        given = _give(book, found[0], more, by)
        finish(session, book)
    return Prolonged(found[0].as_hold(), given)


def _give(book: Book, held: Held, more: timedelta, by: str) -> timedelta:
    until = min(held.expires_at + more, held.created_at + book.rules.ceiling)
    given = until - held.expires_at
    if given <= timedelta(0):
        return timedelta(0)
    book.set_expiry(held, until)
    reference = f"{by}: +{given.total_seconds():.0f} s"[:LONGEST_REFERENCE]
    book.move(held.item, MovementKind.EXTENDED, reservation_id=held.id, reference=reference)
    return given
