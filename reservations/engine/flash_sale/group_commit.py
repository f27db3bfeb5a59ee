"""One transaction for one or many requests: each with its own decision, its own answer and its own error.

It decides requests one after the other, first come, first served, against the same locked rows. A refused one changes
nothing for the others. The database sees one lock, one read of the clock, and one statement per table.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TypeGuard

from reservations.engine.book import Book, Query, open_book, read_again, reads
from reservations.engine.errors import EngineError
from reservations.engine.values import AlreadyAnswered, ByCart, ByIds, Outcome

from . import measures
from .commands import Command, Reserve, decide
from .idempotency import KeyRing

Result = Outcome | AlreadyAnswered


def execute(
    commands: Sequence[Command], more: Callable[[], Sequence[Reserve]] = tuple, limits: str = ""
) -> list[Result]:
    """Carry out these commands of one shop in one transaction, in their order, and return a result for each.

    They must be all reserves or all of the other kinds, since the two name their rows differently. Once the rows are
    locked, `more` gives the reserves of the same SKUs that came during the wait; their results follow. `limits` is a
    statement that shortens this transaction's waits (``locking.BRIEFLY``). Raises Busy, Unavailable or OutcomeUnknown
    for the whole batch, and any defect as it is; then nothing was applied, unless it is OutcomeUnknown.
    """
    keys = KeyRing(commands[0].shop_id)
    with measures.BATCH_SECONDS.time(), _open(commands, keys, limits) as book:
        keys.learn()
        if late := more():
            _admit(book, late, keys)
            commands = [*commands, *late]
        decided = [_decide(book, keys, command) for command in commands]
        keys.write(book)
    measures.BATCH_SIZE.observe(len(commands))
    return decided


def _by_sku(commands: Sequence[Command]) -> TypeGuard[Sequence[Reserve]]:
    return isinstance(commands[0], Reserve)


def _open(commands: Sequence[Command], keys: KeyRing, limits: str) -> AbstractContextManager[Book]:
    """Open the book that these commands need, and look their idempotency keys up on the same trip."""
    shop_id = commands[0].shop_id
    before = [*([Query(limits)] if limits else []), *keys.ask(commands)]
    if _by_sku(commands):
        skus = list(dict.fromkeys(line.sku for command in commands for line in command.lines))
        holders = [holder for command in commands for holder in command.holders]
        in_carts = _in_carts(shop_id, commands)
        return open_book(shop_id, *in_carts, skus=skus, before=before, after=keys.find(), holders=holders)
    targets = [command.target for command in commands if not isinstance(command, Reserve)]
    ids = list(dict.fromkeys(known for target in targets if isinstance(target, ByIds) for known in target.ids))
    carts = list(dict.fromkeys(target.cart_token for target in targets if isinstance(target, ByCart)))
    return open_book(shop_id, reservation_ids=ids, cart_tokens=carts, before=before, after=keys.find())


def _admit(book: Book, late: Sequence[Reserve], keys: KeyRing) -> None:
    """Read what the late ones need, and the clock again: no request gets an answer from before it came."""
    holders = [holder for command in late for holder in command.holders]
    in_carts = _in_carts(book.shop_id, late)
    read_again(book, *in_carts, before=keys.ask(late), after=keys.find(), holders=holders)
    keys.learn()


def _in_carts(shop_id: int, commands: Sequence[Reserve]) -> list[Query]:
    carts = list(dict.fromkeys(command.cart_token for command in commands if command.cart_token))
    return [reads.in_carts(shop_id, carts)] if carts else []


def _decide(book: Book, keys: KeyRing, command: Command) -> Result:
    idempotency = command.idempotency
    if idempotency is not None:
        early = keys.refuse_or_replay(idempotency)
        if early is not None:
            return early
    outcome: Outcome
    try:
        outcome = tuple(row.as_reservation() for row in decide(command, book))
    except EngineError as refusal:
        outcome = refusal
    if idempotency is not None:
        keys.keep(idempotency, outcome)
    return outcome
