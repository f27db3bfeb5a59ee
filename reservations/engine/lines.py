"""The lines in which the requests of a process stand, and whose turn it is.

A line has one leader at a time. Nothing here waits: the one mutex is held for a few operations on lists.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Sequence

from .batch import Result
from .commands import Command, Reserve
from .errors import Busy, OutcomeUnknown, Unavailable

# One transaction's worth: more would hold the row for longer than a shopper should wait for the next batch.
MAX_BATCH = 64

More = Callable[[], Sequence[Reserve]]


class Ticket:
    """A request in line. Its bare lock is the wake-up: nothing in Python wakes a thread for less.

    It came at ``since`` (``time.monotonic``). In the lane, `more` are the requests for its SKU that came meanwhile, and
    `late` their results.
    """

    __slots__ = ("alone", "command", "failure", "late", "leads", "more", "result", "since", "taken", "wake")

    def __init__(self, command: Command, more: More = tuple) -> None:
        self.command = command
        self.more = more
        self.late: list[Result] = []
        self.result: Result | None = None
        self.failure: BaseException | None = None
        self.leads = False
        self.taken = False
        self.alone = False
        self.since = time.monotonic()
        self.wake = threading.Lock()
        self.wake.acquire()


class Line:
    """The requests of this process that want the same row."""

    __slots__ = ("attended", "waiting")

    def __init__(self) -> None:
        self.waiting: deque[Ticket] = deque()
        self.attended = False


_mutex = threading.Lock()
_lines: dict[Hashable, Line] = {}


def join(key: Hashable, ticket: Ticket) -> bool:
    """Stand in line; True if nobody attends it, and so this ticket leads."""
    with _mutex:
        line = _lines.get(key)
        if line is None:
            line = _lines[key] = Line()
        line.waiting.append(ticket)
        ticket.leads = not line.attended
        line.attended = True
        return ticket.leads


def leave(key: Hashable, ticket: Ticket) -> bool:
    """Step out of line to write alone; False if it is too late for that, because the ticket was called."""
    with _mutex:
        if ticket.taken or ticket.leads:
            return False
        _lines[key].waiting.remove(ticket)
        ticket.alone = True
        return True


def give_up(key: Hashable, ticket: Ticket) -> None:
    """Fail at the deadline, unless the ticket was called in the last moment."""
    with _mutex:
        if ticket.leads or ticket.alone or ticket.result is not None or ticket.failure is not None:
            return
        if ticket.taken:
            ticket.failure = OutcomeUnknown()
        else:
            _lines[key].waiting.remove(ticket)
            ticket.failure = Busy()


def take(key: Hashable, batch: list[Ticket], behind: Ticket | None = None) -> list[Ticket]:
    """Move who waits in line into the batch, while there is room and while `behind` has not given up; return those."""
    with _mutex:
        if behind is not None and behind.failure is not None:
            return []
        waiting = _lines[key].waiting
        taken = [waiting.popleft() for _ in range(min(MAX_BATCH - len(batch), len(waiting)))]
        for ticket in taken:
            ticket.taken = True
        batch.extend(taken)
    return taken


def hand_over(key: Hashable, leader: Ticket) -> None:
    """Wake the first who waits to lead in the place of `leader`."""
    with _mutex:
        line = _lines[key]
        if not leader.taken:  # it was ended before it took anybody, itself included
            line.waiting.remove(leader)
        if line.waiting:
            line.waiting[0].leads = True
            line.waiting[0].wake.release()
        else:
            # An unattended line is not kept: there may be as many of them as there are SKUs.
            del _lines[key]


def clear(key: Hashable, batch: list[Ticket]) -> None:
    """Tell those who still wait in line that the database is away; nothing of theirs was sent to it."""
    with _mutex:
        waiting = list(_lines[key].waiting)
        _lines[key].waiting.clear()
        for ticket in waiting:
            ticket.failure = Unavailable()
    batch.extend(waiting)
