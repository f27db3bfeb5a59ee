"""Which reservations a confirm, a release or an extend means, and which of them stand in its way."""

from collections.abc import Iterable
from uuid import UUID

from reservations.models import Status

from .book import Book, ReservationRow
from .errors import (
    ReservationConfirmed,
    ReservationError,
    ReservationExpired,
    ReservationReleased,
    UnknownReservation,
)
from .values import ByIds, Target

# In the order in which they are told when several stand in the way.
_ERRORS: dict[Status, type[ReservationError]] = {
    Status.EXPIRED: ReservationExpired,
    Status.RELEASED: ReservationReleased,
    Status.CONFIRMED: ReservationConfirmed,
}


def find(book: Book, target: Target, *ends: Status) -> list[ReservationRow]:
    """The reservations of `target`, with the dead ones written down as expired.

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

    The order is fixed, whatever is asked for: expired, released, confirmed.
    """
    in_the_way = _ended(reservations, *ends)
    if in_the_way:
        raise _ERRORS[Status(in_the_way[0][1])](in_the_way)


def _ended(reservations: Iterable[ReservationRow], *ends: Status) -> list[tuple[UUID, str]]:
    """Those that have come to one of these `ends`, in the order of the errors, else as they were asked for."""
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
        if known is None or (known.created_at, known.id) < (row.created_at, row.id):
            newest[row.item.id] = row
    if not newest:
        raise UnknownReservation([(None, "unknown")])
    return sorted(newest.values(), key=lambda row: (row.created_at, row.item.sku))
