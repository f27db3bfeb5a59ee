"""The lane: requests for many rows that share a transaction, where none waits long for another's row."""

from collections.abc import Sequence
from itertools import islice
from typing import ClassVar

from reservations.engine.book import locking

from .batch import Batch, More, transact
from .commands import Reserve
from .group_commit import Result
from .queue import Queue
from .ticket import Ticket


class Envoy(Ticket):
    """The leader of a SKU's queue in the lane, for itself and for those who come late to its queue."""

    __slots__ = ("late", "more")

    def __init__(self, leader: Ticket, more: More) -> None:
        super().__init__(leader.command)
        self.since = leader.since
        self.more = more
        self.late: list[Result] = []


class Lane(Queue):
    """A shop's small carts, and the lone leaders of its SKUs' queues."""

    leave_seconds: ClassVar[float | None] = 0.1
    # A cart of more SKUs than this would make the whole lane wait for its many rows.
    most_skus: ClassVar[int] = 10

    def _carry_out(self, batch: Batch, *, met_nobody: bool) -> None:
        """Write the batch, and behind it those who came late to the queues that its envoys lead."""
        late: list[Sequence[Reserve]] = []

        def more() -> list[Reserve]:
            late.extend(ticket.more() if isinstance(ticket, Envoy) else () for ticket in batch.tickets)
            return [command for commands in late for command in commands]

        # First a result for each ticket, then those of the latecomers, envoy by envoy, as `more` listed them.
        results = iter(transact(batch.commands(), more, locking.BRIEFLY))
        own = list(islice(results, len(batch.tickets)))
        for ticket, commands in zip(batch.tickets, late, strict=True):
            if isinstance(ticket, Envoy):
                ticket.late = list(islice(results, len(commands)))
        batch.answer(own)

    def _share_out(self, batch: Batch, error: Exception) -> None:
        """Set all free: the owner of the fault will meet it again, alone."""
        batch.set_free()

    def _clear(self, batch: Batch) -> None:
        """Tell nobody: a ticket leaves the lane before it would matter."""
