"""The queue for one SKU, where a flash sale happens."""

import threading
from collections.abc import Callable

from reservations.engine.errors import Busy

from .batch import Batch, transact
from .commands import Reserve
from .lane import Envoy, Lane
from .queue import Queue
from .request_thread import see_through
from .sold_out import hints
from .ticket import State, Ticket


class SkuQueue(Queue):
    """Reserves that want the same row: of one SKU, or of all the SKUs of a cart that is too large for the lane."""

    def __init__(self, mutex: threading.Lock, lane: Lane, when_unattended: Callable[[], object]) -> None:
        super().__init__(mutex, when_unattended)
        self._lane = lane

    def gather_seconds(self, leader: Ticket) -> float:
        """A moment, if the SKU is sold out and many ask for it."""
        return hints.gather_seconds(leader.command)

    def _carry_out(self, batch: Batch, *, met_nobody: bool) -> None:
        """Refuse those who need no lock; then write the rest, with those who come during the wait for the lock."""
        batch.answer(hints.refuse(batch.commands()))
        rest = batch.pending()
        if not rest:
            return
        # A leader with company has a batch of its own; a lone one shares its trips with lone leaders of other SKUs.
        if met_nobody and len(batch.tickets) == 1 and self._in_lane(batch, rest[0]):
            return
        batch.answer(transact(batch.commands(), lambda: self._late(batch), *batch.limits()))

    def _in_lane(self, batch: Batch, leader: Ticket) -> bool:
        """Answer `leader` and those who come late in the lane's transaction; False if this queue has to write them."""
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
        """Take into the batch those that came since; `behind` is the ticket that speaks for it in the lane."""
        late = self.take(batch, behind)
        return [ticket.command for ticket in late if isinstance(ticket.command, Reserve)]

    def _share_out(self, batch: Batch, error: Exception) -> None:
        """Try each by itself; but fail those who all waited for one row in vain, as the next wait is no shorter."""
        if isinstance(error, Busy) or len(batch.pending()) == 1:
            batch.fail(error)
        else:
            batch.isolate()
