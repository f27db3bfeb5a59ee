"""One request on its way through a queue."""

import threading
import time
from enum import Enum, auto
from typing import ClassVar

from reservations.engine.book import locking

from .commands import Command
from .group_commit import Result


class State(Enum):
    """A ticket's life. While it is WAITING or TAKEN its thread sleeps, unless that thread leads the batch."""

    WAITING = auto()  # waits in its queue -> CALLED | TAKEN | ALONE (it leaves the lane) | FAILED (nothing was sent)
    FIRST = auto()  # met nobody, so its thread leads the queue -> TAKEN
    CALLED = auto()  # got the lead from the leader before it -> TAKEN
    TAKEN = auto()  # a batch carries it -> ANSWERED | FAILED (by the batch, or at its own deadline) | ALONE
    ANSWERED = auto()  # has its result, which may be a refusal; the end
    FAILED = auto()  # its thread raises the failure; the end
    ALONE = auto()  # nothing of it was applied: its thread writes it in a transaction of its own; the end


class Ticket:
    """A request and what became of it. It came at ``since`` (``time.monotonic``).

    Its bare lock is the wake-up: nothing else in Python wakes a thread as cheaply.
    """

    __slots__ = ("_wake", "command", "failure", "result", "since", "state")

    # Two batches that wait for a row in vain, the one before and its own (twice lock_timeout), end a little sooner. To
    # wait for longer serves a shopper worse than an honest "try again".
    wait_seconds: ClassVar[float] = 4.5
    # From the end of a wait for the row until the last who waits has heard of it, on a busy machine.
    tell_seconds: ClassVar[float] = 0.5

    def __init__(self, command: Command) -> None:
        self.command = command
        self.state = State.WAITING
        self.result: Result | None = None
        self.failure: BaseException | None = None
        self.since = time.monotonic()
        self._wake = threading.Lock()
        self._wake.acquire()

    @property
    def leads(self) -> bool:
        """Whether its thread has the lead and has not taken anybody yet."""
        return self.state is State.FIRST or self.state is State.CALLED

    def answer(self, result: Result) -> None:
        """Give it its result. If its thread gave up before, the error that it raised stands."""
        self.result = result
        if self.state is State.TAKEN:
            self.state = State.ANSWERED

    def fail(self, failure: BaseException) -> None:
        """Let its thread raise this."""
        self.failure = failure
        self.state = State.FAILED

    def patience(self) -> float:
        """Seconds until it gives up, counted from when it came."""
        return self.wait_seconds - (time.monotonic() - self.since)

    def limits(self) -> list[str]:
        """The limit, if it needs one, on its transaction's wait for a row: it hears the end before it gives up."""
        left = self.patience() - self.tell_seconds
        return [locking.wait_at_most(left)] if left < locking.LOCK_SECONDS else []

    def sleep(self, seconds: float) -> bool:
        """Sleep until somebody wakes it; False if nobody did in time."""
        return self._wake.acquire(timeout=seconds)

    def wake(self) -> None:
        """Wake its thread, or keep it from falling asleep."""
        if self._wake.locked():
            self._wake.release()
