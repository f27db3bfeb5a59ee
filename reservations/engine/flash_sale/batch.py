"""A batch: what one transaction carries, and how its tickets share its results or its failure."""

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from reservations.engine.book import locking
from reservations.engine.errors import Busy, EngineError

from .commands import Command, Reserve
from .group_commit import Result, execute
from .held_rows import held_rows
from .sold_out import hints
from .ticket import State, Ticket

# Called under the lock: the reserves of the same SKUs that came during the wait.
More = Callable[[], Sequence[Reserve]]


class Batch:
    """The tickets that one transaction carries, in the order of arrival."""

    # One transaction's worth: more would hold the row for longer than a shopper should wait for the next batch.
    most: ClassVar[int] = 64

    def __init__(self) -> None:
        self.tickets: list[Ticket] = []

    @property
    def room(self) -> int:
        """How many more it can carry."""
        return self.most - len(self.tickets)

    def pending(self) -> list[Ticket]:
        """The tickets without a result, in their order; also those whose threads gave up, which are written as well."""
        return [ticket for ticket in self.tickets if ticket.result is None]

    def commands(self) -> list[Command]:
        """What the pending tickets ask for."""
        return [ticket.command for ticket in self.pending()]

    def limits(self) -> list[str]:
        """The limit, if it needs one, on the wait for the row: its first ticket has the least patience left."""
        return self.pending()[0].limits()

    def answer(self, results: Iterable[Result | None]) -> None:
        """Give every pending ticket its result, or leave it pending where that is None."""
        for ticket, result in zip(self.pending(), results, strict=True):
            if result is not None:
                ticket.answer(result)

    def fail(self, error: Exception) -> None:
        """Fail every pending ticket: each raises `error` in its own thread."""
        for ticket in self.pending():
            # Each thread raises an exception of its own: raising writes a traceback into it.
            ticket.fail(type(error)() if isinstance(error, EngineError) else error)

    def set_free(self) -> None:
        """Nothing was applied: let each thread carry out its own ticket.

        So only the cause of a failure fails, and nobody waits for another's row.
        """
        for ticket in self.pending():
            if ticket.state is State.TAKEN:
                ticket.state = State.ALONE

    def wake(self) -> None:
        """Wake every thread that waits for one of its tickets."""
        for ticket in self.tickets:
            ticket.wake()


def transact(commands: Sequence[Command], more: More = tuple, *limits: str) -> list[Result]:
    """One transaction for these commands (see ``group_commit.execute``); the hints learn from its answers."""
    results = execute(commands, more, *limits)
    hints.learn(commands[0].shop_id, results)
    return results


def transact_alone(ticket: Ticket) -> Result:
    """A transaction of its own for a ticket that was set free: what is left of its patience is its limit.

    Raises Busy, Unavailable or OutcomeUnknown, and any defect as it is.
    """
    if ticket.patience() <= 0:
        raise Busy
    commands = [ticket.command]
    refusal = hints.refuse(commands)[0]
    if refusal is not None:
        return refusal
    try:
        # Most were set free for another's sake, and their own row is not held.
        return transact(commands, tuple, locking.BRIEFLY)[0]
    except Busy:
        with held_rows.seat(ticket.patience() - ticket.tell_seconds):
            return transact(commands, tuple, *ticket.limits())[0]
