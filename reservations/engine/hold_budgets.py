"""Hold budgets: how much of one SKU a shopper may hold without having paid, decided under the lock of its stock.

Four limits, and the one that leaves the least room counts: of the customer, of the address, of all shoppers without a
customer number together, and a wait after a hold that ended unpaid. The shop's own servers have none of them. A limit
never takes anything away from a hold that lives, and never keeps it from being made smaller or given more time.
docs/decisions/0018-what-is-held-unpaid.md says why so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from reservations.models import HeldBy

from .book import Book, Holder, ItemRow, ReservationRow, free_units, reads
from .limit_errors import HoldLimitReached


@dataclass(frozen=True, slots=True)
class Room:
    """The units that a shopper may hold of an item in all, by this budget, and when there may be more (None: never)."""

    units: int
    budget: str
    retry_at: datetime | None


# A shopper who wants so many units of an item in all, and the hold of it that it has already.
Wish = tuple[ItemRow, Holder, int, ReservationRow | None]


def check(book: Book, wishes: Iterable[Wish]) -> None:
    """Raise HoldLimitReached for the first of these that would go beyond a budget."""
    for item, holder, quantity, own in wishes:
        has = own.quantity if own else 0
        if quantity > has:
            room = room_for(book, item, holder, quantity, own)
            if quantity > room.units:
                raise HoldLimitReached(item.sku, room.budget, max(0, room.units - has), room.retry_at)


def room_for(book: Book, item: ItemRow, holder: Holder, quantity: int, own: ReservationRow | None) -> Room:
    """The least room that any budget leaves for a hold of `quantity` units, the shopper's `own` included."""
    if own is not None:
        # Whoever else is known to have the hold minds the new units too.
        holder = holder.beside(own.holder)
    _expire_dead(book, holder)
    return min(_rooms(book, item, holder, quantity, own), key=lambda room: room.units)


def _rooms(book: Book, item: ItemRow, holder: Holder, quantity: int, own: ReservationRow | None) -> Iterator[Room]:
    limits = book.rules.limits
    if own is None and (until := _waits_until(book, holder.person_key)):
        yield Room(0, "wait", until)
    if holder.customer_key is not None:
        units, holds = limits.units_per_customer, limits.holds_per_customer
        yield _left(book, "customer", holder.customer_key, units, holds, own)
    else:
        yield _left_to_anonymous(book, item, quantity, own)
    if holder.address_key is not None:
        # What ended unpaid counts on for a while, and never does an address have more than there is. So who holds the
        # last units and lets them go waits, and a household beside plenty does not.
        units = min(limits.units_per_address, item.on_hand - item.in_flight)
        yield _left(book, "address", holder.address_key, units, limits.holds_per_address, own)


def _left(book: Book, budget: str, key: int, units: int, holds: int, own: ReservationRow | None) -> Room:
    others = [row for row in book.holders.living(key) if row is not own]
    ends = [row.expires_at for row in others]
    units -= sum(row.quantity for row in others)
    if budget == "address" and (until := _waits_until(book, key)):
        units -= book.holders.unpaid[key].units
        ends.append(until)
    joins = own is None or key not in (own.customer_key, own.address_key)
    if joins and len(others) >= holds:
        units = 0
    return Room(max(0, units), budget, min(ends, default=None))


def _left_to_anonymous(book: Book, item: ItemRow, quantity: int, own: ReservationRow | None) -> Room:
    # A release that knows nothing of it may have ended such holds; that heals as `reserved` falls.
    item.anonymous = min(item.anonymous, item.reserved)
    most = book.rules.limits.anonymous_units(item.on_hand - item.in_flight)
    mine = own.quantity if own is not None and own.is_anonymous else 0
    free_units.expire_anonymous(book, item, most - quantity + mine)
    left = max(0, most - (item.anonymous - mine))
    return Room(left, HeldBy.ANONYMOUS.value, _next_release(book, item, own) if left < quantity else None)


def _next_release(book: Book, item: ItemRow, own: ReservationRow | None) -> datetime | None:
    # One question for a batch: a crowd is refused for the same reason, and the row is locked meanwhile.
    known = book.holders.next_release
    if own is not None or item.id not in known:
        known[item.id] = reads.next_release(book, item, own)
    return known[item.id]


def _waits_until(book: Book, key: int | None) -> datetime | None:
    unpaid = book.holders.unpaid.get(key) if key is not None else None
    if unpaid is None:
        return None
    until = unpaid.ended_at + book.rules.limits.wait(unpaid.held, book.rules.hold)
    return until if until > book.now else None


def _expire_dead(book: Book, holder: Holder) -> None:
    """Write down which of this shopper's holds are dead: a wait begins with their end."""
    for key in (holder.customer_key, holder.address_key):
        for row in book.holders.living(key):
            if not book.is_alive(row):
                book.expire(row)
