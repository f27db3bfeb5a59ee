"""Confirm: the purchase closed, so the hold becomes a sale."""

from reservations.models import Status

from . import named_reservations
from .book import Book, ReservationRow
from .flash_sale import answer
from .flash_sale.commands import Confirm, decide
from .values import ByCart, Idempotency, Reservation, Target

_IN_THE_WAY = (Status.EXPIRED, Status.RELEASED)


def confirm(
    shop_id: int, target: Target, *, order_id: str = "", idempotency: Idempotency | None = None
) -> tuple[Reservation, ...]:
    """Turn the target's holds into sales, all or none; a repeated call gets the same answer.

    Raises UnknownReservation, ReservationExpired, ReservationReleased and what :func:`reserve` raises besides stock.
    """
    return answer(Confirm(shop_id, target, order_id, idempotency))


@decide.register
def decide_confirm(command: Confirm, book: Book) -> tuple[ReservationRow, ...]:
    """Confirm every reservation of the target; one that was confirmed before stays so, and the answer is the same.

    All or nothing: raises UnknownReservation, ReservationExpired or ReservationReleased, naming each reservation in
    the way. What a cart gave back before does not stop the rest of it.
    """
    found = named_reservations.find(book, command.target, *_IN_THE_WAY)
    if isinstance(command.target, ByCart):
        # A line that the shopper took out of the cart must not stop the purchase of the others.
        found = [row for row in found if row.status != Status.RELEASED] or found
    named_reservations.refuse(found, *_IN_THE_WAY)
    for row in found:
        if row.status == Status.ACTIVE:
            book.confirm(row, command.order_id)
        else:
            book.name_order(row, command.order_id)
    return tuple(found)
