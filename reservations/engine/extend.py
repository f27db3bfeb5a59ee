"""Extend: give a live hold a fresh term, under the ceiling counted from its first second."""

from reservations.models import Status

from . import targets
from .book.book import Book, Held
from .commands import Extend
from .values import ByCart

_IN_THE_WAY = (Status.EXPIRED, Status.RELEASED, Status.CONFIRMED)


def decide(book: Book, command: Extend) -> tuple[Held, ...]:
    """Let each hold of the target live a full term from now, never past its ceiling and never shorter than before.

    All or nothing: raises UnknownReservation, ReservationExpired, ReservationReleased or ReservationConfirmed. What a
    cart gave back or bought before does not stand in the way of the rest of it.
    """
    found = targets.find(book, command.target, *_IN_THE_WAY)
    if isinstance(command.target, ByCart):
        found = [held for held in found if held.status in (Status.ACTIVE, Status.EXPIRED)] or found
    targets.refuse(found, *_IN_THE_WAY)
    for held in found:
        until = min(book.now + book.rules.hold, held.created_at + book.rules.ceiling)
        if until > held.expires_at:
            book.set_expiry(held, until)
    return tuple(found)
