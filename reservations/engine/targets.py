"""Which reservations a confirm, a release or an extend means, and which of them stand in its way."""

from collections.abc import Iterable
from uuid import UUID

from reservations.models import Status

from .book import Book, Held
from .errors import (
    ReservationConfirmed,
    ReservationError,
    ReservationExpired,
    ReservationReleased,
    UnknownReservation,
)
from .values import ByIds, Target

_ENDS: tuple[tuple[Status, type[ReservationError]], ...] = (
    (Status.EXPIRED, ReservationExpired),
    (Status.RELEASED, ReservationReleased),
    (Status.CONFIRMED, ReservationConfirmed),
)


def find(book: Book, target: Target) -> list[Held]:
    """The reservations of `target`, with the dead ones written down as expired. Raises UnknownReservation."""
    found = _by_ids(book, target.ids) if isinstance(target, ByIds) else _newest_of_cart(book, target.cart_token)
    for held in found:
        if held.status == Status.ACTIVE and not book.is_alive(held):
            book.expire(held)
    return found


def refuse(reservations: Iterable[Held], *ends: Status) -> None:
    """Raise the error of the first of these `ends` that any of the reservations has come to, naming all that have.

    The order is fixed, whatever is asked for: expired, released, confirmed.
    """
    by_status: dict[str, list[Held]] = {}
    for held in reservations:
        by_status.setdefault(held.status, []).append(held)
    for status, error in _ENDS:
        if status in ends and status in by_status:
            raise error((held.id, held.status) for held in by_status[status])


def _by_ids(book: Book, ids: tuple[UUID, ...]) -> list[Held]:
    wanted = dict.fromkeys(ids)
    unknown = [known for known in wanted if known not in book.held]
    if unknown:
        raise UnknownReservation((known, "unknown") for known in unknown)
    return [book.held[known] for known in wanted]


def _newest_of_cart(book: Book, cart_token: UUID) -> list[Held]:
    newest: dict[int, Held] = {}
    for held in book.held.values():
        if held.cart_token != cart_token:
            continue
        known = newest.get(held.item.id)
        if known is None or (known.created_at, known.id) < (held.created_at, held.id):
            newest[held.item.id] = held
    if not newest:
        raise UnknownReservation([(None, "unknown")])
    return sorted(newest.values(), key=lambda held: (held.created_at, held.item.sku))
