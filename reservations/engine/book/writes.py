"""Save a book: one statement per table, however many requests it carries, and none for a table without news.

The order matters: a stock row before its ledger rows (the database checks each ledger row against it), ended holds
before new ones (one active hold per cart and SKU), carts before the reservations that name them and in sorted order
(two transactions that meet on a new cart then never wait in a ring).
"""

from collections.abc import Sequence

from reservations.models import Status

from .arrays import plain, text
from .book import Book
from .holders import FORGOTTEN_AFTER, Holders
from .rows import ReservationRow
from .transaction import Transaction

_CARTS = """
INSERT INTO reservations_cart (shop_id, token, created_at)
SELECT %s, token, %s FROM unnest(%s::uuid[]) AS token ORDER BY token
ON CONFLICT (shop_id, token) DO NOTHING
"""
_CHANGED = """
UPDATE reservations_reservation AS r
SET quantity = c.quantity, returned = c.returned, status = c.status, expires_at = c.expires_at,
    ended_at = c.ended_at, order_id = c.order_id,
    customer_key = CASE WHEN c.ended_at IS NULL AND c.order_id = '' THEN r.customer_key END,
    address_key = CASE WHEN c.ended_at IS NULL AND c.order_id = '' THEN r.address_key END
FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[])
    AS c(id, quantity, returned, status, expires_at, ended_at, order_id)
WHERE r.shop_id = %s AND r.id = c.id
"""
# New reservations of one status and as many units returned share most columns, which travel once: only the last five
# come as arrays.
_FRESH = """
INSERT INTO reservations_reservation
    (shop_id, status, created_at, expires_at, ended_at, returned, sold_before, id, stock_item_id, cart_token, quantity,
     order_id)
SELECT %s, %s, %s, %s, %s, %s, %s, c.*
FROM unnest(%s::uuid[], %s::bigint[], %s::uuid[], %s::int[], %s::text[]) AS c
"""
# Of shoppers, with what tells them apart; those of the shop's servers have nothing of it to write.
_FRESH_OF_SHOPPERS = """
INSERT INTO reservations_reservation
    (shop_id, status, created_at, expires_at, ended_at, returned, sold_before, id, stock_item_id, cart_token, quantity,
     order_id, held_by, customer_key, address_key)
SELECT %s, %s, %s, %s, %s, %s, %s, c.*
FROM unnest(%s::uuid[], %s::bigint[], %s::uuid[], %s::int[], %s::text[], %s::text[], %s::bigint[], %s::bigint[]) AS c
"""
_HOLDERS = """
UPDATE reservations_reservation AS r
SET held_by = c.held_by, customer_key = c.customer_key, address_key = c.address_key
FROM unnest(%s::uuid[], %s::text[], %s::bigint[], %s::bigint[]) AS c(id, held_by, customer_key, address_key)
WHERE r.shop_id = %s AND r.id = c.id AND r.status = 'active'
"""
# Whoever writes a key has its SKU's row locked. The units of earlier holds count on while their shopper still waits.
_UNPAID = """
INSERT INTO reservations_cooldown AS u (shop_id, key, held_seconds, units, ended_at)
SELECT %(shop)s, c.*
FROM unnest(%(keys)s::bigint[], %(held)s::float8[], %(units)s::int[], %(ended)s::timestamptz[]) AS c
ON CONFLICT (shop_id, key) DO UPDATE
SET held_seconds = excluded.held_seconds
        + CASE WHEN u.ended_at + %(forgotten)s > excluded.ended_at THEN u.held_seconds ELSE 0 END,
    units = excluded.units + CASE WHEN u.ended_at + %(forgotten)s > excluded.ended_at THEN u.units ELSE 0 END,
    ended_at = greatest(u.ended_at, excluded.ended_at)
"""
_PAID = "DELETE FROM reservations_cooldown WHERE shop_id = %s AND key = ANY(%s)"
_STOCK = """
UPDATE reservations_stockitem AS i
SET on_hand = c.on_hand, reserved = c.reserved, in_flight = c.in_flight, ledger_position = c.position,
    counted_at = c.counted_at, anonymous = c.anonymous
FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[], %s::bigint[], %s::timestamptz[], %s::int[])
    AS c(id, on_hand, reserved, in_flight, position, counted_at, anonymous)
WHERE i.shop_id = %s AND i.id = c.id
"""
_LEDGER = """
INSERT INTO reservations_stockmovement
    (shop_id, at, stock_item_id, position, kind, on_hand_delta, reserved_delta, in_flight_delta,
     on_hand, reserved, in_flight, reservation_id, reference)
SELECT %s, %s, c.* FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::int[], %s::int[], %s::int[], %s::int[],
    %s::int[], %s::int[], %s::uuid[], %s::text[]) AS c
"""
# A shortfall that grows concerns units that nobody has decided about, so it opens again; one that shrinks does not.
_SHORTFALLS = """
INSERT INTO reservations_shortfall AS s
    (shop_id, created_at, stock_item_id, order_id, quantity, kept_out_by, paid_at, cause)
SELECT %s, %s, c.*
FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::text[], %s::timestamptz[], %s::text[]) AS c
ON CONFLICT (shop_id, order_id, stock_item_id) DO UPDATE
SET quantity = excluded.quantity, kept_out_by = excluded.kept_out_by, paid_at = excluded.paid_at,
    cause = excluded.cause,
    resolved_at = CASE WHEN excluded.quantity > s.quantity THEN NULL ELSE s.resolved_at END,
    resolved_by = CASE WHEN excluded.quantity > s.quantity THEN '' ELSE s.resolved_by END,
    resolution = CASE WHEN excluded.quantity > s.quantity THEN '' ELSE s.resolution END
"""
# By itself, because a sale changes no `owed`: the statement that every sale waits for stays as short as it is.
_OWED = """
UPDATE reservations_stockitem AS i SET owed = c.owed FROM unnest(%s::bigint[], %s::int[]) AS c(id, owed)
WHERE i.shop_id = %s AND i.id = c.id
"""


def write(tx: Transaction, book: Book) -> None:
    """Queue everything that the book changed."""
    if book.changed:
        _write_changed(tx, book)
    if book.fresh:
        _write_fresh(tx, book)
    if book.moved:
        _write_stock(tx, book)
    if book.movements:
        _write_ledger(tx, book)
    if book.changed_shortfalls:
        _write_shortfalls(tx, book)
    if book.known_holders is not None:
        _write_holders(tx, book.shop_id, book.known_holders)
    if book.owing:
        owing = book.owing.values()
        tx.queue(_OWED, (plain([item.id for item in owing]), plain([item.owed for item in owing]), book.shop_id))


def _write_changed(tx: Transaction, book: Book) -> None:
    changed = book.changed.values()
    tx.queue(
        _CHANGED,
        (
            plain([row.id for row in changed]),
            plain([row.quantity for row in changed]),
            plain([row.returned for row in changed]),
            text([row.status for row in changed]),
            plain([row.expires_at for row in changed]),
            plain([row.ended_at for row in changed]),
            text([row.order_id for row in changed]),
            book.shop_id,
        ),
    )


def _write_fresh(tx: Transaction, book: Book) -> None:
    fresh = book.fresh.values()
    carts = {row.cart_token for row in fresh if row.cart_token}
    if carts:
        tx.queue(_CARTS, (book.shop_id, book.now, plain(carts)))
    # Holds of carts share their end, those of an unpaid order have its own; and an order may get a unit and give it
    # back in one transaction, as it is cancelled.
    alike: dict[tuple[object, ...], list[ReservationRow]] = {}
    for row in fresh:
        same = (row.status, row.returned, row.sold_before, row.expires_at, bool(row.held_by))
        alike.setdefault(same, []).append(row)
    for rows in alike.values():
        _insert(tx, book, rows)


def _insert(tx: Transaction, book: Book, alike: Sequence[ReservationRow]) -> None:
    first = alike[0]
    of_shoppers = (
        (
            text([row.held_by for row in alike]),
            plain([row.customer_key for row in alike]),
            plain([row.address_key for row in alike]),
        )
        if first.held_by
        else ()
    )
    tx.queue(
        _FRESH_OF_SHOPPERS if first.held_by else _FRESH,
        (
            book.shop_id,
            first.status,
            book.now,
            first.expires_at,
            first.ended_at,
            first.returned,
            first.sold_before,
            plain([row.id for row in alike]),
            plain([row.item.id for row in alike]),
            plain([row.cart_token for row in alike]),
            plain([row.quantity for row in alike]),
            text([row.order_id for row in alike]),
            *of_shoppers,
        ),
    )


def _write_holders(tx: Transaction, shop_id: int, holders: Holders) -> None:
    named = [row for row in holders.changed.values() if row.status == Status.ACTIVE and not row.order_id]
    if named:
        keys = (plain([row.customer_key for row in named]), plain([row.address_key for row in named]))
        tx.queue(_HOLDERS, (plain([row.id for row in named]), text([row.held_by for row in named]), *keys, shop_id))
    if holders.paid:
        tx.queue(_PAID, (shop_id, plain(holders.paid)))
    if holders.ended:
        ended = holders.ended.values()
        values = {
            "shop": shop_id,
            "keys": plain(holders.ended),
            "held": "{" + ",".join([str(known.held.total_seconds()) for known in ended]) + "}",
            "units": plain([known.units for known in ended]),
            "ended": plain([known.ended_at for known in ended]),
            "forgotten": FORGOTTEN_AFTER,
        }
        tx.queue(_UNPAID, values)


def _write_stock(tx: Transaction, book: Book) -> None:
    moved = book.moved.values()
    tx.queue(
        _STOCK,
        (
            plain([item.id for item in moved]),
            plain([item.on_hand for item in moved]),
            plain([item.reserved for item in moved]),
            plain([item.in_flight for item in moved]),
            plain([item.position for item in moved]),
            plain([item.counted_at for item in moved]),
            plain([item.anonymous for item in moved]),
            book.shop_id,
        ),
    )


def _write_shortfalls(tx: Transaction, book: Book) -> None:
    rows = book.changed_shortfalls.values()
    tx.queue(
        _SHORTFALLS,
        (
            book.shop_id,
            book.now,
            plain([row.item.id for row in rows]),
            text([row.order_id for row in rows]),
            plain([row.units for row in rows]),
            text([row.kept_out_by for row in rows]),
            plain([row.paid_at for row in rows]),
            text([row.cause for row in rows]),
        ),
    )


def _write_ledger(tx: Transaction, book: Book) -> None:
    movements = book.movements
    on_hand, reserved, in_flight = zip(*[movement.deltas for movement in movements], strict=True)
    balances = zip(*[movement.balances for movement in movements], strict=True)
    tx.queue(
        _LEDGER,
        (
            book.shop_id,
            book.now,
            plain([movement.item_id for movement in movements]),
            plain([movement.position for movement in movements]),
            text([movement.kind for movement in movements]),
            plain(on_hand),
            plain(reserved),
            plain(in_flight),
            *[plain(balance) for balance in balances],
            plain([movement.reservation_id for movement in movements]),
            text([movement.reference for movement in movements]),
        ),
    )
