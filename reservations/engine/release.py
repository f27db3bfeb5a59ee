"""Release: give a hold's units back before its time."""

from reservations.models import Status

from . import targets
from .book.book import Book, Held
from .commands import Release
from .values import ByCart

_IN_THE_WAY = (Status.EXPIRED, Status.CONFIRMED)


def decide(book: Book, command: Release) -> tuple[Held, ...]:
    """Release every live hold of the target; one that was released before stays so, and the answer is the same.

    All or nothing by ids: raises UnknownReservation, ReservationExpired or ReservationConfirmed. Of a cart, what still
    lives is released, and what has ended stands in the way only when nothing lives.
    """
    found = targets.find(book, command.target, *_IN_THE_WAY)
    if isinstance(command.target, ByCart):
        found = (
            [held for held in found if held.status == Status.ACTIVE]
            or [held for held in found if held.status == Status.RELEASED]
            or found
        )
    targets.refuse(found, *_IN_THE_WAY)
    for held in found:
        if held.status == Status.ACTIVE:
            book.release(held, command.reason)
    return tuple(found)
