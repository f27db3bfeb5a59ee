"""Which reservations a confirm, a release or an extend means, and which of them stand in its way."""

from collections.abc import Iterable
from uuid import UUID

from reservations.models import Status

from .book import Book, ReservationRow
from .errors import (
    ReservationConfirmed,
    ReservationError,
    ReservationExpired,
    ReservationOfOrder,
    ReservationReleased,
    UnknownReservation,
)
from .values import ByIds, Target

# The order of precedence when several stand in the way.
_ERRORS: dict[Status, type[ReservationError]] = {
    Status.EXPIRED: ReservationExpired,
    Status.RELEASED: ReservationReleased,
    Status.CONFIRMED: ReservationConfirmed,
}


def find(book: Book, target: Target, *ends: Status) -> list[ReservationRow]:
    """Find the reservations of `target`, and write the dead ones down as expired.

    Raises UnknownReservation, which also names the known ones that have come to one of these `ends`.
    """
    found = _by_ids(book, target.ids) if isinstance(target, ByIds) else _newest_of_cart(book, target.cart_token)
    for row in found:
        if row.status == Status.ACTIVE and not book.is_alive(row):
            book.expire(row)
    unknown = [known for known in target.ids if known not in book.reservations] if isinstance(target, ByIds) else []
    if unknown:
        raise UnknownReservation([*((known, "unknown") for known in unknown), *_ended(found, *ends)])
    return found


def refuse(reservations: Iterable[ReservationRow], *ends: Status) -> None:
    """Raise the error of the first of these `ends` that any of the reservations has come to, naming all in the way.

    Expired comes before released, released before confirmed, whichever the caller named first.
    """
    in_the_way = _ended(reservations, *ends)
    if in_the_way:
        raise _ERRORS[Status(in_the_way[0][1])](in_the_way)


def refuse_of_orders(reservations: Iterable[ReservationRow]) -> None:
    """Raise ReservationOfOrder for those with which an order that awaits its payment holds its units."""
    of_orders = [(row.id, row.status) for row in reservations if row.status == Status.ACTIVE and row.order_id]
    if of_orders:
        raise ReservationOfOrder(of_orders)


def _ended(reservations: Iterable[ReservationRow], *ends: Status) -> list[tuple[UUID, str]]:
    """Those that have come to one of these `ends`: by precedence, then in the caller's order."""
    found = list(reservations)
    return [(row.id, row.status) for end in _ERRORS if end in ends for row in found if row.status == end]


def _by_ids(book: Book, ids: tuple[UUID, ...]) -> list[ReservationRow]:
    return [book.reservations[known] for known in dict.fromkeys(ids) if known in book.reservations]


def _newest_of_cart(book: Book, cart_token: UUID) -> list[ReservationRow]:
    newest: dict[int, ReservationRow] = {}
    for row in book.reservations.values():
        if row.cart_token != cart_token:
            continue
        known = newest.get(row.item.id)
        # Two of one transaction share their time; the id decides, so every call picks the same one.
        if known is None or (known.created_at, known.id) < (row.created_at, row.id):
            newest[row.item.id] = row
    if not newest:
        raise UnknownReservation([(None, "unknown")])
    return sorted(newest.values(), key=lambda row: (row.created_at, row.item.sku))
