"""Release: give a hold's units back before its time."""

from reservations.models import Status

from . import named_reservations
from .book import Book, ReservationRow
from .flash_sale import answer
from .flash_sale.commands import Release, decide
from .values import ByCart, Idempotency, Reservation, Target

_IN_THE_WAY = (Status.EXPIRED, Status.CONFIRMED)


def release(
    shop_id: int, target: Target, *, reason: str = "", by_hand: bool = False, idempotency: Idempotency | None = None
) -> tuple[Reservation, ...]:
    """Give the target's holds back; a repeated call gets the same answer. The ledger keeps the `reason`.

    Only a person (`by_hand`) gives back what an unpaid order holds. Raises UnknownReservation, ReservationExpired,
    ReservationConfirmed, ReservationOfOrder and what :func:`reserve` raises besides stock.
    """
    return answer(Release(shop_id, target, reason, idempotency, by_hand))


@decide.register
def decide_release(command: Release, book: Book) -> tuple[ReservationRow, ...]:
    """Release every live hold of the target; one that was released before stays so, and the answer is the same.

    By ids all or nothing: raises UnknownReservation, ReservationExpired, ReservationConfirmed or ReservationOfOrder. Of
    a cart it releases what it still holds; what has ended, or an order's, stands in the way only when it holds nothing.
    """
    found = named_reservations.find(book, command.target, *_IN_THE_WAY)
    if isinstance(command.target, ByCart):
        found = (
            [row for row in found if row.status == Status.ACTIVE and not row.order_id]
            or [row for row in found if row.status == Status.RELEASED]
            or found
        )
    named_reservations.refuse(found, *_IN_THE_WAY)
    if not command.by_hand:
        named_reservations.refuse_of_orders(found)
    for row in found:
        if row.status == Status.ACTIVE:
            book.release(row, command.reason, unpaid=not command.by_hand)
    return tuple(found)
