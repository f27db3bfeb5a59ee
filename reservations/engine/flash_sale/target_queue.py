"""The queue for requests that name reservations and not SKUs."""

from reservations.engine.errors import Busy

from .batch import Batch, transact
from .queue import Queue


class TargetQueue(Queue):
    """A shop's confirms, releases and extends, whatever rows they turn out to want."""

    def _carry_out(self, batch: Batch, *, met_nobody: bool) -> None:
        """Write the batch. Nobody joins late: a latecomer's rows would be locked after the others', out of order."""
        batch.answer(transact(batch.commands(), tuple, *batch.limits()))

    def _share_out(self, batch: Batch, error: Exception) -> None:
        """Try each by itself; after a wait in vain in its own thread, so that nobody waits for another's row."""
        if len(batch.pending()) == 1:
            batch.fail(error)
        elif isinstance(error, Busy):
            batch.set_free()
        else:
            batch.isolate()
