"""The queues of a shop, and which of them a command joins."""

import threading
from functools import partial

from .commands import Command, Reserve
from .lane import Lane
from .queue import Queue
from .sku_queue import SkuQueue
from .target_queue import TargetQueue
from .ticket import Ticket


class ShopQueues:
    """The queues of one shop in this process: one for each SKU in demand, one for targets, and the lane."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._by_skus: dict[tuple[str, ...], SkuQueue] = {}
        self.lane = Lane(self._mutex)
        self.targets = TargetQueue(self._mutex)

    def join(self, ticket: Ticket) -> Queue:
        """Let the ticket join its queue, and return that queue."""
        # Found and joined in one go: an unattended queue is forgotten, and must not be while somebody steps into it.
        with self._mutex:
            queue = self._queue_of(ticket.command)
            queue.append(ticket)
        return queue

    def of_skus(self, *skus: str) -> SkuQueue | None:
        """The queue for just these SKUs, given in order, if anybody waits or leads in it."""
        return self._by_skus.get(skus)

    def attended(self) -> bool:
        """Whether anybody waits or leads in any queue of the shop."""
        return self.lane.attended or self.targets.attended or bool(self._by_skus)

    def _queue_of(self, command: Command) -> Queue:
        if not isinstance(command, Reserve):
            return self.targets
        if 1 < len(command.lines) <= self.lane.most_skus:
            return self.lane
        skus = tuple(sorted(line.sku for line in command.lines))
        queue = self._by_skus.get(skus)
        if queue is None:
            # The shop forgets an unattended queue: there could be as many as there are SKUs.
            forget = partial(self._by_skus.pop, skus)
            queue = self._by_skus[skus] = SkuQueue(self._mutex, self.lane, forget)
        return queue
