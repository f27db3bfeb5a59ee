"""Saving a book: one statement per table, however many requests it carries, and none for a table without news.

The order matters: a stock row before its ledger rows (the database checks each ledger row against it), ended holds
before new ones (one active hold per cart and SKU), carts before the reservations that name them and in sorted order
(two transactions that meet on a new cart then never wait in a ring).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from .book import Book
from .session import Session

_CARTS = """
INSERT INTO reservations_cart (shop_id, token, created_at)
SELECT %s, token, %s FROM unnest(%s::uuid[]) AS token ORDER BY token
ON CONFLICT (shop_id, token) DO NOTHING
"""
_CHANGED = """
UPDATE reservations_reservation AS r
SET quantity = c.quantity, returned = c.returned, status = c.status, expires_at = c.expires_at,
    ended_at = c.ended_at, order_id = c.order_id
FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[])
    AS c(id, quantity, returned, status, expires_at, ended_at, order_id)
WHERE r.shop_id = %s AND r.id = c.id
"""
_FRESH = """
INSERT INTO reservations_reservation
    (shop_id, id, stock_item_id, cart_token, quantity, returned, status, created_at, expires_at, ended_at, order_id)
SELECT %s, c.* FROM unnest(%s::uuid[], %s::bigint[], %s::uuid[], %s::int[], %s::int[], %s::text[], %s::timestamptz[],
    %s::timestamptz[], %s::timestamptz[], %s::text[]) AS c
"""
_STOCK = """
UPDATE reservations_stockitem AS i
SET on_hand = c.on_hand, reserved = c.reserved, in_flight = c.in_flight, ledger_position = c.position,
    counted_at = c.counted_at
FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[], %s::bigint[], %s::timestamptz[])
    AS c(id, on_hand, reserved, in_flight, position, counted_at)
WHERE i.shop_id = %s AND i.id = c.id
"""
_LEDGER = """
INSERT INTO reservations_stockmovement
    (shop_id, at, stock_item_id, position, kind, on_hand_delta, reserved_delta, in_flight_delta,
     on_hand, reserved, in_flight, reservation_id, reference)
SELECT %s, %s, c.* FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::int[], %s::int[], %s::int[], %s::int[],
    %s::int[], %s::int[], %s::uuid[], %s::text[]) AS c
"""
_SHORTFALLS = """
INSERT INTO reservations_shortfall (shop_id, created_at, stock_item_id, order_id, quantity)
SELECT %s, %s, c.* FROM unnest(%s::bigint[], %s::text[], %s::int[]) AS c
ON CONFLICT (shop_id, order_id, stock_item_id) DO UPDATE
SET quantity = excluded.quantity,
    resolved_at = CASE WHEN excluded.quantity > reservations_shortfall.quantity THEN NULL
                       ELSE reservations_shortfall.resolved_at END
"""


def write(session: Session, book: Book) -> None:
    """Queue everything that the book changed."""
    _write_reservations(session, book)
    _write_stock(session, book)
    if book.shortfalls:
        rows = [(item.id, order_id, quantity) for item, order_id, quantity in book.shortfalls]
        session.queue(_SHORTFALLS, (book.shop_id, book.now, *_columns(rows)))


def _write_reservations(session: Session, book: Book) -> None:
    if book.changed:
        changed = [
            (h.id, h.quantity, h.returned, h.status, h.expires_at, h.ended_at, h.order_id)
            for h in book.changed.values()
        ]
        session.queue(_CHANGED, (*_columns(changed), book.shop_id))
    if not book.fresh:
        return
    carts = {held.cart_token for held in book.fresh.values() if held.cart_token}
    if carts:
        session.queue(_CARTS, (book.shop_id, book.now, list(carts)))
    fresh = [
        (
            h.id,
            h.item.id,
            h.cart_token,
            h.quantity,
            h.returned,
            h.status,
            h.created_at,
            h.expires_at,
            h.ended_at,
            h.order_id,
        )
        for h in book.fresh.values()
    ]
    session.queue(_FRESH, (book.shop_id, *_columns(fresh)))


def _write_stock(session: Session, book: Book) -> None:
    if book.moved:
        moved = [(i.id, i.on_hand, i.reserved, i.in_flight, i.position, i.counted_at) for i in book.moved.values()]
        session.queue(_STOCK, (*_columns(moved), book.shop_id))
    if book.entries:
        entries = [
            (e.item_id, e.position, e.kind, *e.deltas, *e.balances, e.reservation_id, e.reference) for e in book.entries
        ]
        session.queue(_LEDGER, (book.shop_id, book.now, *_columns(entries)))


def _columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Rows as one array per column, the form in which they travel as a fixed number of parameters."""
    return [list(column) for column in zip(*rows, strict=True)]
