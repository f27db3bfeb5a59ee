"""Open book: the one form of the engine's transactions.

Everything before the decision goes out in one trip (BEGIN, the lock, the reads after it), and everything that the
decision changed in a second one, with COMMIT.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from reservations.erp import Sale, backend

from . import free_units, locking, reads
from .book import Book
from .holder import Holder
from .ids import NO_ID
from .rows import ItemRow
from .transaction import Query, Transaction, open_transaction
from .writes import write


@contextmanager
def open_book(
    shop_id: int,
    *reservations: Query,
    skus: Sequence[str] | None = None,
    item_ids: Sequence[int] | Query | None = None,
    reservation_ids: Sequence[UUID] = (),
    cart_tokens: Sequence[UUID] = (),
    skip_locked: bool = False,
    before: Iterable[Query] = (),
    after: Iterable[Query] = (),
    holders: Sequence[Holder] = (),
) -> Iterator[Book]:
    """Lock one shop's stock rows and yield the book on them; COMMIT writes what the block changed in it.

    The rows are those of `skus`, or those with `item_ids` (known, or found by a query), or those that reservations
    belong to: the ones with `reservation_ids` and the newest ones of the carts `cart_tokens`, which the book then
    contains. It also contains what the queries `reservations` (see :mod:`.reads`) find of the locked rows, and what the
    shoppers `holders` hold, or held and did not pay. The queries `before` the lock and `after` it travel along; read
    their ``rows`` in the block. Raises Busy, Unavailable and
    OutcomeUnknown; an error in the block undoes all.
    """
    lock, values = _lock(skus, item_ids, reservation_ids, cart_tokens, skip_locked=skip_locked)
    with open_transaction() as tx:
        tx.send(*before)
        if isinstance(item_ids, Query):
            # The one form that costs a trip more: the lock names its rows by key, and only this query knows them.
            tx.send(item_ids)
            values = [[row[0] for row in item_ids.rows]]
        locked = Query(lock.sql, lock.parameters(shop_id, *values))
        found = [*_named(shop_id, reservation_ids, cart_tokens), *reservations, *reads.of_holders(shop_id, holders)]
        unpaid = reads.unpaid(shop_id, holders)
        clock = reads.clock_and_rules(shop_id)
        # The clock last: whatever the statements before it had to wait for is over when it is read.
        tx.send(locked, *found, *unpaid, *after, clock)
        book = _book(tx, shop_id, locked, clock)
        _learn(book, found, unpaid)
        yield book
        _finish(tx, book)


def read_again(
    book: Book,
    *reservations: Query,
    before: Iterable[Query] = (),
    after: Iterable[Query] = (),
    holders: Sequence[Holder] = (),
) -> None:
    """Read the clock once more, and further reservations of the locked rows, with the queries around them."""
    clock = reads.clock_and_rules(book.shop_id)
    found, unpaid = [*reservations, *reads.of_holders(book.shop_id, holders)], reads.unpaid(book.shop_id, holders)
    book.transaction.send(*before, *found, *unpaid, *after, clock)
    book.now, *rules = clock.rows[0]
    book.rules = reads.as_rules(*rules)
    _learn(book, found, unpaid)


def _lock(
    skus: Sequence[str] | None,
    item_ids: Sequence[int] | Query | None,
    reservation_ids: Sequence[UUID],
    cart_tokens: Sequence[UUID],
    *,
    skip_locked: bool,
) -> tuple[locking.Statement, list[Sequence[object]]]:
    """The locking statement for these rows, and its values (none yet if a query has to find the `item_ids`)."""
    if skus is not None:
        return locking.statement(locking.by_sku, 1, skip_locked=skip_locked), [list(skus)]
    if item_ids is not None:
        known = [] if isinstance(item_ids, Query) else list(item_ids)
        return locking.statement(locking.by_id, 1, skip_locked=skip_locked), [known]
    return locking.statement(locking.by_reservation, 2, skip_locked=skip_locked), [
        list(reservation_ids) or [NO_ID],
        list(cart_tokens) or [NO_ID],
    ]


def _named(shop_id: int, reservation_ids: Sequence[UUID], cart_tokens: Sequence[UUID]) -> Iterator[Query]:
    if reservation_ids:
        yield reads.by_id(shop_id, reservation_ids)
    if cart_tokens:
        yield reads.newest_in_carts(shop_id, cart_tokens)


def _book(tx: Transaction, shop_id: int, locked: Query, clock: Query) -> Book:
    items = {row[0]: ItemRow(*row) for row in locked.rows}
    now, *rules = clock.rows[0]
    book = Book(
        tx,
        shop_id,
        now,
        reads.as_rules(*rules),
        items,
        lambda item: reads.dead_holds(tx, shop_id, item, book.now),
        lambda item, most: reads.shortfalls_in_turn(tx, shop_id, item, most),
    )
    return book


def _learn(book: Book, found: Iterable[Query], unpaid: Iterable[Query]) -> None:
    for query in found:
        for row in query.rows:
            # A cart or an order may have rows of items that this transaction did not lock: those it must not touch.
            if row[1] in book.items:
                book.know(reads.reservation_row(book.items[row[1]], row))
    for query in unpaid:
        book.holders.learn(query.rows)


def _finish(tx: Transaction, book: Book) -> None:
    """Queue all that the book changed, and let the ERP write down what it needs to know."""
    for item in book.items.values():
        # What this transaction or the clock has freed goes to the paid orders that lack it before anybody else sees it.
        if item.owed:
            free_units.serve(book, item)
    write(tx, book)
    if book.sales or book.returns:
        erp, shop_id = backend(), book.shop_id
        erp.moved(tx, shop_id, _with_orders(book), book.returns)
        tx.after_commit(lambda: erp.committed(shop_id))


def _with_orders(book: Book) -> list[Sale]:
    """The sales, each with its order: a batch may name the order after it sold."""
    orders = [book.reservations[sale.reservation_id].order_id for sale in book.sales]
    return [
        replace(sale, order_id=order_id, is_told=order_id not in book.untold)
        for sale, order_id in zip(book.sales, orders, strict=True)
    ]
