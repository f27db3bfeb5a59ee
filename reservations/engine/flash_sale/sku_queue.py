"""The queue for one SKU, where a flash sale happens."""

import threading
from collections.abc import Callable

from reservations.engine.errors import Busy

from .batch import Batch, transact
from .commands import Reserve
from .held_rows import held_rows
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
        if not met_nobody or len(batch.tickets) > 1 or not _is_of_one_sku(rest[0]):
            # A leader with company has a batch of its own, and a large cart has no place in the lane.
            batch.answer(transact(batch.commands(), lambda: self._late(batch), *batch.limits()))
        # A lone leader shares its trips with lone leaders of other SKUs.
        elif not self._in_lane(batch, rest[0]):
            # The lane found its row held: it waits on as one of the few that wait for such rows.
            with held_rows.seat(rest[0].patience() - Ticket.tell_seconds):
                batch.answer(transact(batch.commands(), lambda: self._late(batch), *batch.limits()))

    def _in_lane(self, batch: Batch, leader: Ticket) -> bool:
        """Answer `leader` and those who come late in the lane's transaction; False if this queue has to write them."""
        envoy = Envoy(leader, lambda: self._late(batch, envoy))
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
        """Set all free; but fail those who all waited for one row in vain, as the next wait is no shorter."""
        if isinstance(error, Busy) or len(batch.pending()) == 1:
            batch.fail(error)
        else:
            batch.set_free()


def _is_of_one_sku(ticket: Ticket) -> bool:
    return isinstance(ticket.command, Reserve) and ticket.command.sku is not None
