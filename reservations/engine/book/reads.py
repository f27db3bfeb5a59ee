"""What a transaction reads under the lock: the clock, the merchant's rules, and the reservations that matter."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from reservations.engine.values import in_doubt_beside
from reservations.models import Limits

from .arrays import plain
from .book import Book
from .holder import Holder
from .rows import ItemRow, ReservationRow, Rules, ShortfallRow
from .transaction import Query, Row, Statements, Transaction

# The limits in the order of their class.
_CLOCK_AND_RULES = """
SELECT clock_timestamp(), hold_seconds, hold_ceiling_seconds, rescue_paid_orders,
    max_units_per_line, units_per_customer, holds_per_customer, units_per_address, holds_per_address,
    anonymous_percent, unpaid_wait_percent
FROM reservations_shop WHERE id = %s
"""
_HELD = """
SELECT id, stock_item_id, cart_token, quantity, returned, status, created_at, expires_at, ended_at, order_id,
    sold_before, held_by, customer_key, address_key
FROM reservations_reservation
"""
_IN_CARTS = _HELD + "WHERE shop_id = %s AND cart_token = ANY(%s) AND status = 'active' AND order_id = ''"
_OF_ITEMS = _HELD + "WHERE shop_id = %s AND stock_item_id = ANY(%s) AND ended_at IS NULL"
# The keys go with the end of a hold, but a release that knows nothing of them may have left some.
_OF_CUSTOMERS = _HELD + "WHERE shop_id = %s AND customer_key = ANY(%s) AND status = 'active'"
_OF_ADDRESSES = _HELD + "WHERE shop_id = %s AND address_key = ANY(%s) AND status = 'active'"
_UNPAID = "SELECT key, held_seconds, units, ended_at FROM reservations_cooldown WHERE shop_id = %s AND key = ANY(%s)"
_BY_ID = _HELD + "WHERE shop_id = %s AND id = ANY(%s)"
# The newest reservation of each SKU of a cart speaks for it: all older ones have ended. The id breaks a tie between
# those of one transaction, which share their time.
_NEWEST_IN_CARTS = """
SELECT DISTINCT ON (cart_token, stock_item_id)
    id, stock_item_id, cart_token, quantity, returned, status, created_at, expires_at, ended_at, order_id,
    sold_before, held_by, customer_key, address_key
FROM reservations_reservation
WHERE shop_id = %s AND cart_token = ANY(%s)
ORDER BY cart_token, stock_item_id, created_at DESC, id DESC
"""
# The empty order is nobody's; said, so that the index of orders answers whatever the values are.
_OF_ORDERS = (
    _HELD + "WHERE shop_id = %s AND order_id = ANY(%s) AND order_id <> '' AND status IN ('active', 'confirmed')"
)
_OF_CARTS_SOLD = _HELD + "WHERE shop_id = %s AND cart_token = ANY(%s) AND status = 'confirmed' AND order_id = ''"
# A page begins behind the last row of the one before, and not at an OFFSET: the caller expires rows while it reads, and
# an OFFSET would skip as many as have gone. The index on (shop, item, expires_at) finds the place.
_DEAD = (
    _HELD
    + """
WHERE shop_id = %s AND stock_item_id = %s AND ended_at IS NULL AND expires_at <= %s AND (expires_at, id) > (%s, %s)
ORDER BY expires_at, id LIMIT %s
"""
)
_NEXT_RELEASE = """
SELECT min(expires_at) FROM reservations_reservation
WHERE shop_id = %s AND stock_item_id = %s AND ended_at IS NULL AND expires_at > %s AND id <> ALL(%s)
"""
_NEXT_RELEASES = """
SELECT expires_at, quantity FROM reservations_reservation
WHERE shop_id = %s AND stock_item_id = %s AND ended_at IS NULL AND expires_at > %s AND id <> ALL(%s)
ORDER BY expires_at LIMIT %s
"""
_NEWEST_OF_CARTS = (
    _HELD
    + """
WHERE shop_id = %s AND stock_item_id = %s AND ended_at IS NULL AND expires_at > %s AND order_id = ''
ORDER BY created_at DESC, id DESC LIMIT %s
"""
)
_LACKING = """
SELECT stock_item_id, order_id, quantity, resolved_at IS NOT NULL, kept_out_by, paid_at, cause
FROM reservations_shortfall
"""
_OF_ORDERS_LACKING = _LACKING + "WHERE shop_id = %s AND order_id = ANY(%s)"
_IN_TURN = (
    _LACKING
    + """
WHERE shop_id = %s AND stock_item_id = %s AND resolved_at IS NULL AND quantity > 0 AND kept_out_by = ''
ORDER BY paid_at, order_id LIMIT %s
"""
)
# How many dead holds one statement reads; a buyer mostly needs the units of the first few.
_DEAD_PAGE = 100
_BEFORE_ALL = (datetime.min.replace(tzinfo=UTC), UUID(int=0))


def in_carts(shop_id: int, cart_tokens: Sequence[UUID]) -> Query:
    """The active holds of these carts, dead or alive; one that an unpaid order took over belongs to no cart now."""
    return Query(_IN_CARTS, (shop_id, cart_tokens))


def of_items(shop_id: int, item_ids: Sequence[int]) -> Query:
    """The active holds of these stock rows, dead or alive."""
    return Query(_OF_ITEMS, (shop_id, item_ids))


def of_holders(shop_id: int, holders: Sequence[Holder]) -> list[Query]:
    """The active holds, dead or alive, of these customers and of these addresses."""
    if not holders:
        return []
    customers, addresses = set(), set()
    for holder in holders:
        customers.add(holder.customer_key)
        addresses.add(holder.address_key)
    named = ((_OF_CUSTOMERS, customers - {None}), (_OF_ADDRESSES, addresses - {None}))
    return [Query(sql, (shop_id, plain(keys))) for sql, keys in named if keys]


def unpaid(shop_id: int, holders: Sequence[Holder]) -> list[Query]:
    """What these shoppers held lately and did not pay."""
    keys = {key for holder in holders for key in holder.keys} if holders else ()
    return [Query(_UNPAID, (shop_id, plain(keys)))] if keys else []


def by_id(shop_id: int, ids: Sequence[UUID]) -> Query:
    """The reservations with these ids."""
    return Query(_BY_ID, (shop_id, ids))


def newest_in_carts(shop_id: int, cart_tokens: Sequence[UUID]) -> Query:
    """For each cart and SKU, the newest reservation."""
    return Query(_NEWEST_IN_CARTS, (shop_id, cart_tokens))


def of_orders(shop_id: int, order_ids: Sequence[str]) -> Query:
    """The sales of these orders, and what they hold while they await their payment."""
    return Query(_OF_ORDERS, (shop_id, order_ids))


def sold_in_carts(shop_id: int, cart_tokens: Sequence[UUID]) -> Query:
    """The sales of these carts that no order is named for yet."""
    return Query(_OF_CARTS_SOLD, (shop_id, cart_tokens))


def clock_and_rules(shop_id: int) -> Query:
    """The database's clock, and what the merchant decided about holds."""
    return Query(_CLOCK_AND_RULES, (shop_id,))


def as_rules(hold_seconds: int, ceiling_seconds: int, rescues: bool, *limits: int) -> Rules:  # noqa: FBT001
    """The merchant's rules, from their columns."""
    return Rules(timedelta(seconds=hold_seconds), timedelta(seconds=ceiling_seconds), _limits(*limits), rescues)


# The same few for many batches.
_limits = lru_cache(maxsize=256)(Limits)


def shortfalls_of(shop_id: int, *order_ids: str) -> Query:
    """What these orders lack or once lacked, by item; :func:`know_shortfalls` takes the answer into the book."""
    return Query(_OF_ORDERS_LACKING, (shop_id, list(order_ids)))


def know_shortfalls(book: Book, found: Query) -> list[ShortfallRow]:
    """The shortfalls that `found` has of the book's items, as the book knows them by now."""
    rows = [row for row in found.rows if row[0] in book.items]
    return [book.know_shortfall(ShortfallRow(book.items[row[0]], *row[1:])) for row in rows]


def kept_out_elsewhere(book: Book, found: Query, order_id: str) -> str:
    """Who keeps the order out, by a shortfall that `found` has of an item that is not the book's; "" if nobody does."""
    # Of these rows only the name is read, and who keeps an order out does so as a whole.
    mine = (row for row in found.rows if row[1] == order_id and row[0] not in book.items)
    return next((row[4] for row in mine if row[2] and row[4]), "")


def shortfalls_in_turn(tx: Transaction, shop_id: int, item: ItemRow, most: int) -> list[ShortfallRow]:
    """The first shortfalls of a locked item that get free units, at most so many, the oldest payment first."""
    rows = tx.fetch(_IN_TURN, (shop_id, item.id, most))
    return [ShortfallRow(item, *row[1:]) for row in rows]


def next_release(book: Book, item: ItemRow, own: ReservationRow | None) -> datetime | None:
    """When the next unit of `item` may come free: the earliest end of a live hold or of a doubt, None if there is none.

    A buyer gains nothing when the hold of their `own` ends: its units are theirs already.
    """
    doubt = doubt_end(item.available - item.owed, item.in_doubt, item.doubt_until, book.now)
    if not item.reserved:
        return doubt
    if item.owed:
        beyond = _release_beyond_what_is_owed(book, item, own)
        return min((end for end in (beyond, doubt) if end), default=None)
    # The table does not know yet what the book has ended or begun: the first is left out of it, the second added.
    left_out = [row.id for row in (*book.changed.values(), own) if row and (row is own or row.ended_at)]
    stored = book.transaction.fetch(_NEXT_RELEASE, (book.shop_id, item.id, book.now, left_out))[0][0]
    fresh = [row for row in book.fresh.values() if row.item is item and row is not own]
    ends = [row.expires_at for row in fresh if book.is_alive(row)]
    return min((end for end in (stored, doubt, *ends) if end), default=None)


def doubt_end(free: int, in_doubt: int, until: datetime | None, now: datetime) -> datetime | None:
    """When the units in doubt are decided, if a buyer could get any of them and the time is still to come."""
    return until if until is not None and until > now and in_doubt_beside(free, in_doubt) else None


def _release_beyond_what_is_owed(book: Book, item: ItemRow, own: ReservationRow | None) -> datetime | None:
    lacking = item.owed - item.available
    known = [row for row in (*book.changed.values(), *book.fresh.values()) if row.item is item]
    left_out = [row.id for row in (*known, own) if row]
    stored = release_units(book.transaction, book.shop_id, item.id, book.now, lacking + 1, left_out)
    alive = [(row.expires_at, row.quantity) for row in known if row is not own and book.is_alive(row)]
    return end_beyond(lacking, sorted([*stored, *alive]))


def release_units(
    statements: Statements, shop_id: int, item_id: int, now: datetime, most: int, left_out: Sequence[UUID] = ()
) -> list[tuple[datetime, int]]:
    """When the first `most` live holds of an item end, and the units of each; without those that are `left_out`."""
    rows = statements.fetch(_NEXT_RELEASES, (shop_id, item_id, now, list(left_out), most))
    return [(row[0], row[1]) for row in rows]


def end_beyond(lacking: int, ends: Iterable[tuple[datetime, int]]) -> datetime | None:
    """When the first unit comes free beyond `lacking` ones, if every hold ends without a purchase; `ends` in order.

    A hold has one unit at least, so one hold more than units is enough to look at.
    """
    for ends_at, units in ends:
        lacking -= units
        if lacking < 0:
            return ends_at
    return None


def reservation_row(item: ItemRow, row: Row) -> ReservationRow:
    """The reservation of a locked item, from a row of this module's queries."""
    return ReservationRow(row[0], item, *row[2:])


def newest_of_carts(book: Book, item: ItemRow, most: int) -> list[ReservationRow]:
    """The newest `most` live holds of a locked item that no order has, the newest first."""
    rows = book.transaction.fetch(_NEWEST_OF_CARTS, (book.shop_id, item.id, book.now, most))
    return [book.know(reservation_row(item, row)) for row in rows]


def dead_holds(tx: Transaction, shop_id: int, item: ItemRow, now: datetime) -> Iterator[ReservationRow]:
    """The dead holds of a locked item, oldest first, page by page."""
    last_end, last_id = _BEFORE_ALL
    while True:
        page = tx.fetch(_DEAD, (shop_id, item.id, now, last_end, last_id, _DEAD_PAGE))
        yield from (reservation_row(item, row) for row in page)
        if len(page) < _DEAD_PAGE:
            return
        last_end, last_id = page[-1][7], page[-1][0]
