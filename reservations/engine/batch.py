"""One transaction for one or many requests: each with its own decision, its own answer and its own error.

Requests are decided one after the other, first come, first served, against the same locked rows. One that is refused
changes nothing for the others. The database sees one lock, one read of the clock, and one statement per table.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeGuard
from uuid import UUID

from django.db import connection, transaction

from reservations.erp import Sale, backend

from . import confirm, extend, metrics, release, reserve
from .book import locking, reads
from .book.book import Book, Held
from .book.transaction import Session, transaction_session
from .book.writes import write
from .commands import Command, Confirm, Extend, Release, Reserve
from .errors import EngineError
from .idempotency import KeyRing
from .values import AlreadyAnswered, ByCart, ByIds, Outcome

Result = Outcome | AlreadyAnswered


def execute(
    commands: Sequence[Command], more: Callable[[], Sequence[Reserve]] = tuple, limits: str = ""
) -> list[Result]:
    """Carry out these commands of one shop in one transaction, in their order, and return a result for each.

    They must be all reserves or all of the other kinds, since these name their rows in different ways. Once the lock is
    had, `more` is asked for reserves of the same SKUs that came during the wait; their results follow. `limits` is a
    statement that shortens this transaction's waits (``locking.BRIEFLY``). Raises Busy, Unavailable or OutcomeUnknown
    for the whole batch, and any defect as it is; then nothing was applied, but perhaps for OutcomeUnknown.
    """
    shop_id = commands[0].shop_id
    lock = locking.statement(locking.by_sku, 1) if _by_sku(commands) else locking.statement(locking.by_reservation, 2)
    with transaction_session() as session, metrics.BATCH_SECONDS.time():
        if limits:
            session.queue(limits)
        keys = KeyRing(session, shop_id)
        book = _open(session, lock, commands, keys)
        if late := more():
            _admit(session, book, late, keys)
            commands = [*commands, *late]
        decided = [_decide(session, book, keys, command) for command in commands]
        finish(session, book)
        keys.write(book.now)
    metrics.BATCH_SIZE.observe(len(commands))
    return decided


def finish(session: Session, book: Book) -> None:
    """Queue all that the book changed, and let the ERP write down what it has to learn."""
    write(session, book)
    if book.sales or book.returns:
        erp, shop_id = backend(), book.shop_id
        erp.moved(session, shop_id, _with_orders(book), book.returns)
        after_commit(session, lambda: erp.committed(shop_id))


def after_commit(session: Session, call: Callable[[], None]) -> None:
    """Run `call` once the transaction is committed: the engine's own, or the caller's that it joined."""
    if connection.in_atomic_block:
        transaction.on_commit(call)
    else:
        session.after_commit.append(call)


def _with_orders(book: Book) -> list[Sale]:
    return [replace(sale, order_id=book.held[sale.reservation_id].order_id) for sale in book.sales]


def _by_sku(commands: Sequence[Command]) -> TypeGuard[Sequence[Reserve]]:
    return isinstance(commands[0], Reserve)


def _open(session: Session, lock: locking.Statement, commands: Sequence[Command], keys: KeyRing) -> Book:
    shop_id = commands[0].shop_id
    keys.ask(commands)
    if _by_sku(commands):
        locked, held = _lock_by_sku(session, lock, commands)
    else:
        locked, held = _lock_by_target(session, lock, [c for c in commands if not isinstance(c, Reserve)])
    keys.find()
    book = reads.open_book(session, shop_id, locked, *held)
    keys.learn()
    return book


def _admit(session: Session, book: Book, late: Sequence[Reserve], keys: KeyRing) -> None:
    """Read what the late ones need, and the clock again: nobody is answered by a time from before they asked."""
    keys.ask(late)
    carts = _carts(late)
    held = [reads.in_carts(session, book.shop_id, carts)] if carts else []
    keys.find()
    reads.read_again(session, book, *held)
    keys.learn()


def _carts(commands: Sequence[Reserve]) -> list[UUID]:
    return list(dict.fromkeys(command.cart_token for command in commands if command.cart_token))


def _lock_by_sku(
    session: Session, lock: locking.Statement, commands: Sequence[Reserve]
) -> tuple[reads.Cursor, list[reads.Cursor]]:
    shop_id = commands[0].shop_id
    skus = list(dict.fromkeys(line.sku for command in commands for line in command.lines))
    carts = _carts(commands)
    locked = reads.lock(session, shop_id, lock, skus)
    return locked, [reads.in_carts(session, shop_id, carts)] if carts else []


def _lock_by_target(
    session: Session, lock: locking.Statement, commands: Sequence[Confirm | Release | Extend]
) -> tuple[reads.Cursor, list[reads.Cursor]]:
    shop_id = commands[0].shop_id
    targets = [command.target for command in commands]
    ids = list(dict.fromkeys(known for target in targets if isinstance(target, ByIds) for known in target.ids))
    carts = list(dict.fromkeys(target.cart_token for target in targets if isinstance(target, ByCart)))
    locked = reads.lock(session, shop_id, lock, ids, carts)
    held = [reads.by_id(session, shop_id, ids)] if ids else []
    return locked, [*held, reads.newest_in_carts(session, shop_id, carts)] if carts else held


def _decide(session: Session, book: Book, keys: KeyRing, command: Command) -> Result:
    idempotency = command.idempotency
    if idempotency is not None:
        early = keys.refuse_or_replay(idempotency)
        if early is not None:
            return early
    outcome: Outcome
    try:
        outcome = tuple(held.as_hold() for held in _holds(session, book, command))
    except EngineError as refusal:
        outcome = refusal
    if idempotency is not None:
        keys.keep(idempotency, outcome)
    return outcome


def _holds(session: Session, book: Book, command: Command) -> tuple[Held, ...]:
    match command:
        case Reserve():
            return reserve.decide(session, book, command)
        case Confirm():
            return confirm.decide(book, command)
        case Release():
            return release.decide(book, command)
        case Extend():
            return extend.decide(book, command)
