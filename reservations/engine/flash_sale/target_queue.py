"""The queue for requests that name reservations and not SKUs."""

from reservations.engine.book import locking

from .batch import Batch, transact
from .queue import Queue


class TargetQueue(Queue):
    """A shop's confirms, releases and extends, whatever rows they turn out to want."""

    def _carry_out(self, batch: Batch, *, met_nobody: bool) -> None:
        """Write the batch. Nobody joins late: a latecomer's rows would be locked after the others', out of order."""
        batch.answer(transact(batch.commands(), tuple, locking.BRIEFLY))

    def _share_out(self, batch: Batch, error: Exception) -> None:
        """Set all free: each meets its own row, held or free, and the cause of a fault meets it alone."""
        batch.set_free()
