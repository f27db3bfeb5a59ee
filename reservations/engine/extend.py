"""Extend: give a live hold a fresh term, under the ceiling counted from its first second."""

from reservations.models import Status

from . import named_reservations
from .book import Book, ReservationRow
from .flash_sale import answer
from .flash_sale.commands import Extend, decide
from .values import ByCart, Idempotency, Reservation, Target

_IN_THE_WAY = (Status.EXPIRED, Status.RELEASED, Status.CONFIRMED)


def extend(shop_id: int, target: Target, *, idempotency: Idempotency | None = None) -> tuple[Reservation, ...]:
    """Give the target's live holds a full term from now, under the shop's ceiling; a dead one is never revived.

    Raises UnknownReservation, ReservationExpired, ReservationReleased, ReservationConfirmed, ReservationOfOrder and
    what :func:`reserve` raises besides stock.
    """
    return answer(Extend(shop_id, target, idempotency))


@decide.register
def decide_extend(command: Extend, book: Book) -> tuple[ReservationRow, ...]:
    """Let each hold of the target live a full term from now, never past its ceiling and never shorter than before.

    All or nothing: raises UnknownReservation, ReservationExpired, ReservationReleased, ReservationConfirmed or
    ReservationOfOrder. What a cart gave back or bought before does not stop the rest of it.
    """
    found = named_reservations.find(book, command.target, *_IN_THE_WAY)
    if isinstance(command.target, ByCart):
        found = [row for row in found if row.status in (Status.ACTIVE, Status.EXPIRED) and not row.order_id] or found
    named_reservations.refuse(found, *_IN_THE_WAY)
    named_reservations.refuse_of_orders(found)
    for row in found:
        # The ceiling counts from the hold's first second, so no number of extensions keeps a unit for ever.
        until = min(book.now + book.rules.hold, row.created_at + book.rules.ceiling)
        # A merchant may have shortened the term since: an extension never takes time away.
        if until > row.expires_at:
            book.set_expiry(row, until)
    return tuple(found)
