"""Confirm: the purchase closed, so the hold becomes a sale."""

from reservations.models import Status

from . import targets
from .book import Book, Held
from .commands import Confirm, decide
from .flash_sale import answer
from .values import ByCart, Hold, Idempotency, Target

_IN_THE_WAY = (Status.EXPIRED, Status.RELEASED)


def confirm(
    shop_id: int, target: Target, *, order_id: str = "", idempotency: Idempotency | None = None
) -> tuple[Hold, ...]:
    """Turn the target's holds into sales, all or none; repeated, it answers the same.

    Raises UnknownReservation, ReservationExpired, ReservationReleased and what :func:`reserve` raises besides stock.
    """
    return answer(Confirm(shop_id, target, order_id, idempotency))


@decide.register
def decide_confirm(command: Confirm, book: Book) -> tuple[Held, ...]:
    """Confirm every reservation of the target; one that was confirmed before stays so, and the answer is the same.

    All or nothing: raises UnknownReservation, ReservationExpired or ReservationReleased, naming each that stands in
    the way. What a cart gave back before does not stand in the way of the rest of it.
    """
    found = targets.find(book, command.target, *_IN_THE_WAY)
    if isinstance(command.target, ByCart):
        found = [held for held in found if held.status != Status.RELEASED] or found
    targets.refuse(found, *_IN_THE_WAY)
    for held in found:
        if held.status == Status.ACTIVE:
            book.confirm(held, command.order_id)
        else:
            book.name_order(held, command.order_id)
    return tuple(found)
