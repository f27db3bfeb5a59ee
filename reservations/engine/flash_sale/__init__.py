"""Group commit: the requests that wait for the same row are written together.

In a flash sale everybody wants one row, and with one transaction per request its lock is the limit. So in each process
the requests for one SKU wait in one queue. The request that finds the queue unattended leads it: it takes those that
wait, in the order of arrival, through one transaction, wakes each with its own answer, and hands the lead to the first
that came meanwhile. A request that meets nobody is a batch of one and waits for nothing. Between processes the row's
lock is the queue.

The lone leader of a SKU's queue, and every small cart, goes on to the shop's *lane*: a queue whose batch locks many
rows in one statement, in the order of their keys, so that a sale spread over ten thousand SKUs shares transactions too.
Nobody waits there for somebody else's row: a ticket that no batch takes at once, and every ticket of a batch that does
not get its locks at once, leaves the lane and goes its own way.

Confirms, releases and extends name reservations and not SKUs, so each shop has one more queue for them. Its batches
wait for rows as briefly as the lane's.

No one waits for ever, and no one waits twice: a ticket has one deadline from its arrival, wherever it waits. A follower
gives up at it, with ``busy`` before its turn and with ``outcome_unknown`` while its batch is being written; a batch
that waits for its row in vain ends before that, so that its tickets hear of it. Whoever leaves a queue to write alone
has what is left of that time, and if the row is held, waits in one of few seats, so that those whose rows are free find
connections. A leader that fails, in whatever way, answers everybody in its batch and hands over.

One idea a file: a request in a queue and its states (``ticket``); the order of a queue and its lead (``queue``, and
``shop_queues`` for all of a shop); what one transaction carries, and how its tickets share its end (``batch``); that
transaction (``group_commit``); what each kind of queue does with its batch (``sku_queue``, ``target_queue``, ``lane``);
rows that somebody holds for long (``held_rows``); refusals without a lock (``sold_out``). Only ``request_thread`` knows
that a request waits in a thread.
"""

from django.conf import settings
from django.db import connection

from reservations.engine.errors import EngineError
from reservations.engine.values import AlreadyAnswered, Reservation

from .batch import transact, transact_alone
from .commands import Command
from .group_commit import Result
from .request_thread import see_through
from .shop_queues import ShopQueues
from .sold_out import hints
from .ticket import State, Ticket

__all__ = ["FlashSale", "answer", "process", "submit"]


class FlashSale:
    """The queues of every shop in one process."""

    def __init__(self) -> None:
        self._shops: dict[int, ShopQueues] = {}

    def submit(self, command: Command) -> Result:
        """Carry out `command` together with those that wait for the same row; raises what :func:`submit` does."""
        ticket = Ticket(command)
        queue = self.shop(command.shop_id).join(ticket)
        see_through(queue, ticket)
        if ticket.state is State.ALONE:
            return transact_alone(ticket)
        assert ticket.result is not None
        return ticket.result

    def shop(self, shop_id: int) -> ShopQueues:
        """The queues of this shop, made on its first request."""
        # Two threads may make them at once; setdefault lets both have the same, without a lock on the hot path.
        return self._shops.get(shop_id) or self._shops.setdefault(shop_id, ShopQueues())

    def attended(self) -> bool:
        """Whether anybody waits or leads in any queue."""
        return any(shop.attended() for shop in list(self._shops.values()))


process = FlashSale()


def submit(command: Command) -> Result:
    """Carry out `command`, together with others if others are waiting for the same row.

    Raises Busy, Unavailable or OutcomeUnknown, and any defect as it is.
    """
    # Inside the caller's transaction nobody else's request may be written: theirs would hang on the caller's COMMIT.
    if connection.in_atomic_block or not settings.GROUP_COMMIT:
        refusal = hints.refuse([command])[0]
        return refusal if refusal is not None else transact([command])[0]
    return process.submit(command)


def answer(command: Command) -> tuple[Reservation, ...]:
    """The reservations that `command` changed. Raises its refusal, AlreadyAnswered, and what :func:`submit` raises."""
    result = submit(command)
    if isinstance(result, EngineError | AlreadyAnswered):
        raise result
    return result
