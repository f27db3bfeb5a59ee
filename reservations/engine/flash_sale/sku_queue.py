"""The queue of those who want one SKU, which is where a flash sale happens."""

import threading
from collections.abc import Callable

from reservations.engine.commands import Reserve
from reservations.engine.errors import Busy

from .batch import Batch, transact
from .lane import Envoy, Lane
from .queue import Queue
from .sold_out import hints
from .ticket import State, Ticket
from .turn import see_through


class SkuQueue(Queue):
    """Reserves that want the same row: of one SKU, or of all the SKUs of a cart that is too large for the lane."""

    def __init__(self, mutex: threading.Lock, lane: Lane, when_unattended: Callable[[], object]) -> None:
        super().__init__(mutex, when_unattended)
        self._lane = lane

    def gather_seconds(self, leader: Ticket) -> float:
        """A moment, where the SKU is sold out and many ask for it."""
        return hints.gather_seconds(leader.command)

    def _carry_out(self, batch: Batch, *, met_nobody: bool) -> None:
        """Refuse without the lock who can be; then write the rest, with those who come while the lock is waited for."""
        batch.answer(hints.refuse(batch.commands()))
        rest = batch.pending()
        if not rest:
            return
        if met_nobody and len(batch.tickets) == 1 and self._in_lane(batch, rest[0]):
            return
        batch.answer(transact(batch.commands(), lambda: self._late(batch), *batch.limits()))

    def _in_lane(self, batch: Batch, leader: Ticket) -> bool:
        """Answer `leader`, and those who come late, in the lane's transaction; False: write them by yourself."""
        command = leader.command
        if not isinstance(command, Reserve) or command.sku is None:
            return False
        envoy = Envoy(command, lambda: self._late(batch, envoy))
        self._lane.join(envoy)
        see_through(self._lane, envoy)
        if envoy.state is State.ALONE:
            return False
        batch.answer([envoy.result, *envoy.late])
        return True

    def _late(self, batch: Batch, behind: Ticket | None = None) -> list[Reserve]:
        """Take those into the batch that came since; `behind` is the ticket that speaks for it in the lane."""
        late = self.take(batch, behind)
        return [ticket.command for ticket in late if isinstance(ticket.command, Reserve)]

    def _share_out(self, batch: Batch, error: Exception) -> None:
        """Each is tried by itself, but for those who all waited for one row in vain: the next wait is no shorter."""
        if isinstance(error, Busy) or len(batch.pending()) == 1:
            batch.fail(error)
        else:
            batch.isolate()
