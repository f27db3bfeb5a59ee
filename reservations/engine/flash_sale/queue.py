"""A queue: the order of its tickets and who leads. ``request_thread`` decides how long a thread sleeps for that."""

import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from typing import ClassVar

from reservations.engine.errors import Busy, OutcomeUnknown, Unavailable

from .batch import Batch
from .ticket import State, Ticket


class Queue(ABC):
    """The requests of one process that want the same rows. One of them leads at a time.

    Nothing here waits: the mutex protects a few operations on the deque. All queues of a shop share it, because a
    ticket in the lane and those behind it in a SKU's queue change together.
    """

    # How long a ticket waits for a batch before it leaves and writes by itself; None: it does not leave.
    leave_seconds: ClassVar[float | None] = None
    # If it took longer than this to find the database away, the next batch would wait for as long: fail it at once.
    silence_seconds: ClassVar[float] = 2.5

    def __init__(self, mutex: threading.Lock, when_unattended: Callable[[], object] = lambda: None) -> None:
        self._mutex = mutex
        self._when_unattended = when_unattended
        self._waiting: deque[Ticket] = deque()
        self.attended = False

    @property
    def length(self) -> int:
        """How many wait for a batch to come."""
        return len(self._waiting)

    def join(self, ticket: Ticket) -> None:
        """Stand behind the others; a ticket that finds the queue unattended leads it."""
        with self._mutex:
            self.append(ticket)

    def append(self, ticket: Ticket) -> None:
        """:meth:`join`, for a caller that holds the mutex."""
        self._waiting.append(ticket)
        if not self.attended:
            self.attended = True
            ticket.state = State.FIRST

    def leave(self, ticket: Ticket) -> bool:
        """Step out of the queue to write alone; False if the ticket was called or taken before."""
        with self._mutex:
            if ticket.state is not State.WAITING:
                return False
            self._waiting.remove(ticket)
            ticket.state = State.ALONE
            return True

    def give_up(self, ticket: Ticket) -> None:
        """Fail at the deadline, unless the ticket was called or answered in the last moment."""
        with self._mutex:
            if ticket.state is State.TAKEN:
                ticket.fail(OutcomeUnknown())
            elif ticket.state is State.WAITING:
                self._waiting.remove(ticket)
                ticket.fail(Busy())

    def take(self, batch: Batch, behind: Ticket | None = None) -> list[Ticket]:
        """Move waiting tickets into the batch, while it has room; none if `behind` has given up. Return the moved."""
        with self._mutex:
            # An envoy that gave up has freed its SKU's leader, who takes the same tickets into a batch of his own.
            if behind is not None and behind.state is not State.TAKEN:
                return []
            taken = [self._waiting.popleft() for _ in range(min(batch.room, len(self._waiting)))]
            for ticket in taken:
                ticket.state = State.TAKEN
            batch.tickets.extend(taken)
        return taken

    def hand_over(self, leader: Ticket) -> None:
        """Let the first waiting ticket lead in the place of `leader`."""
        with self._mutex:
            if leader.leads:  # something ended its thread before it took anybody, itself included
                self._waiting.remove(leader)
            if self._waiting:
                successor = self._waiting[0]
                successor.state = State.CALLED
                successor.wake()
            else:
                self.attended = False
                self._when_unattended()

    def gather_seconds(self, leader: Ticket) -> float:
        """How long `leader` waits for company before it takes its batch."""
        return 0.0

    def write(self, batch: Batch, *, met_nobody: bool) -> None:
        """Give every ticket of the batch a result or a failure, or set it free.

        `met_nobody` says that its leader found the queue empty. Raises only what is no Exception, after failing all.
        """
        begun = time.monotonic()
        try:
            self._carry_out(batch, met_nobody=met_nobody)
        except (Unavailable, OutcomeUnknown) as error:
            batch.fail(error)
            if time.monotonic() - begun > self.silence_seconds:
                self._clear(batch)
        except Exception as error:  # noqa: BLE001  (whatever it is, it belongs to one of these requests)
            self._share_out(batch, error)
        except BaseException:
            batch.fail(OutcomeUnknown())
            raise

    @abstractmethod
    def _carry_out(self, batch: Batch, *, met_nobody: bool) -> None:
        """Answer the batch. Raises Unavailable or OutcomeUnknown; after any other error nothing was applied."""

    @abstractmethod
    def _share_out(self, batch: Batch, error: Exception) -> None:
        """Decide what becomes of each pending ticket, of which `error` left nothing applied."""

    def _clear(self, batch: Batch) -> None:
        """Fail those who still wait: the database is away, and nothing of theirs went to it."""
        with self._mutex:
            for ticket in self._waiting:
                ticket.fail(Unavailable())
            batch.tickets.extend(self._waiting)
            self._waiting.clear()
