"""Group commit: the requests that wait for the same row are written together.

In a flash sale everybody wants one row, and one transaction per request makes its lock the limit. So in each process
the requests for one SKU stand in one line. Whoever finds the line unattended leads it: it takes what waits, in the
order of arrival, through one transaction, wakes each with its own answer, and hands the lead to the first who came
meanwhile. A request that meets nobody is a batch of one and waits for nothing. Between processes the row's lock is
the queue.

Confirms, releases and extends name reservations and not SKUs, so each shop has one more line for them.

No one waits for ever. A follower gives up at its deadline: before its turn it is told ``busy``, and while its batch is
being written ``outcome_unknown``. A leader that fails, in whatever way, answers everybody in its batch and hands over.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Sequence

from django.conf import settings
from django.db import connection

from .batch import Result, execute
from .commands import Command, Reserve
from .errors import Busy, EngineError, OutcomeUnknown, Unavailable
from .sold_out import refuse_without_lock, remember, wait_for_company

# One transaction's worth: more would hold the row for longer than a shopper should wait for the next batch.
MAX_BATCH = 64
# Two batches that wait for a row in vain, the one before and one's own (twice lock_timeout), end a little sooner: who
# waits longer than that is better served by an honest "try again".
WAIT_SECONDS = 4.5
# A database that took longer than this to be found away would keep the next batch waiting for as long.
SILENCE_SECONDS = 2.5


class Ticket:
    """A request in line. Its bare lock is the wake-up: nothing in Python wakes a thread for less."""

    __slots__ = ("alone", "command", "failure", "leads", "result", "taken", "wake")

    def __init__(self, command: Command) -> None:
        self.command = command
        self.result: Result | None = None
        self.failure: BaseException | None = None
        self.leads = False
        self.taken = False
        self.alone = False
        self.wake = threading.Lock()
        self.wake.acquire()


class Line:
    """The requests of this process that want the same row."""

    __slots__ = ("attended", "waiting")

    def __init__(self) -> None:
        self.waiting: deque[Ticket] = deque()
        self.attended = False


# One mutex over all lines: it is held for a few list operations and never while anything is waited for.
_mutex = threading.Lock()
_lines: dict[Hashable, Line] = {}


def submit(command: Command) -> Result:
    """Carry out `command`, together with others if others are waiting for the same row.

    Raises Busy, Unavailable or OutcomeUnknown, and any defect as it is.
    """
    if connection.in_atomic_block or not settings.GROUP_COMMIT:
        return _alone(command)
    key = _line_of(command)
    ticket = Ticket(command)
    if not _join(key, ticket):
        _wait(key, ticket)
    if ticket.leads:
        _lead(key, ticket)
    if ticket.failure is not None:
        raise ticket.failure
    if ticket.alone:
        return _alone(command)
    assert ticket.result is not None
    return ticket.result


def _alone(command: Command) -> Result:
    refusal = refuse_without_lock([command])[0]
    return refusal if refusal is not None else _execute([command])[0]


def _execute(commands: Sequence[Command], more: Callable[[], Sequence[Reserve]] = tuple) -> list[Result]:
    results = execute(commands, more)
    for result in results:
        remember(commands[0].shop_id, result)
    return results


def _line_of(command: Command) -> Hashable:
    """Single-SKU reserves stand in that SKU's line, carts in that of their SKUs, the rest in their shop's."""
    if isinstance(command, Reserve):
        return command.shop_id, *sorted(line.sku for line in command.lines)
    return command.shop_id


def _join(key: Hashable, ticket: Ticket) -> bool:
    """Stand in line; True if nobody attends it, and so this ticket leads."""
    with _mutex:
        line = _lines.get(key)
        if line is None:
            line = _lines[key] = Line()
        line.waiting.append(ticket)
        ticket.leads = not line.attended
        line.attended = True
        return ticket.leads


def _wait(key: Hashable, ticket: Ticket) -> None:
    """Sleep until answered or called to lead; at the deadline leave the line with an honest error."""
    # A waiter keeps no connection: with a bounded pool it could be the very one that its leader waits for.
    connection.close()
    if ticket.wake.acquire(timeout=WAIT_SECONDS):
        return
    with _mutex:
        if ticket.leads or ticket.alone or ticket.result is not None or ticket.failure is not None:
            return
        if ticket.taken:
            ticket.failure = OutcomeUnknown()
        else:
            _lines[key].waiting.remove(ticket)
            ticket.failure = Busy()


def _lead(key: Hashable, ticket: Ticket) -> None:
    """Write one batch, then hand the line to the first who waits. Whatever ends this, the line does not stand still."""
    batch: list[Ticket] = []
    try:
        wait_for_company(ticket.command)
        _take(key, batch)
        _write(key, batch)
    finally:
        _hand_over(key, ticket)
        for ticket in batch:
            if ticket.wake.locked():
                ticket.wake.release()


def _take(key: Hashable, batch: list[Ticket]) -> list[Ticket]:
    """Move who waits in line into the batch, while there is room; return those."""
    with _mutex:
        waiting = _lines[key].waiting
        taken = [waiting.popleft() for _ in range(min(MAX_BATCH - len(batch), len(waiting)))]
        for ticket in taken:
            ticket.taken = True
    batch.extend(taken)
    return taken


def _hand_over(key: Hashable, leader: Ticket) -> None:
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


def _write(key: Hashable, batch: list[Ticket]) -> None:
    """Give every ticket of the batch a result or a failure; reserves that come while the lock is waited for join it."""
    begun = time.monotonic()
    try:
        refused = refuse_without_lock([ticket.command for ticket in batch])
        for ticket, refusal in zip(batch, refused, strict=True):
            ticket.result = refusal
        rest = [ticket for ticket in batch if ticket.result is None]
        if rest:
            results = _execute([ticket.command for ticket in rest], lambda: _late(key, batch, rest))
            for ticket, result in zip(rest, results, strict=True):
                ticket.result = result
    except (Unavailable, OutcomeUnknown) as error:
        _fail(batch, error)
        if time.monotonic() - begun > SILENCE_SECONDS:
            _dismiss(key, batch)
    except Exception as error:  # noqa: BLE001  (whatever it is, it belongs to one of these requests)
        _isolate([ticket for ticket in batch if ticket.result is None], error)
    except BaseException:
        _fail(batch, OutcomeUnknown())
        raise


def _late(key: Hashable, batch: list[Ticket], rest: list[Ticket]) -> list[Reserve]:
    if not isinstance(batch[0].command, Reserve):
        return []
    late = _take(key, batch)
    rest.extend(late)
    return [ticket.command for ticket in late if isinstance(ticket.command, Reserve)]


def _isolate(batch: Sequence[Ticket], error: Exception) -> None:
    """Nothing of the batch was applied: let each request succeed or fail by itself, so that only the cause fails.

    Not when all of them waited for one row in vain: the next wait would be no shorter. Where they named several rows,
    each tries in its own thread, so that nobody waits for another's row.
    """
    one_row = isinstance(batch[0].command, Reserve)
    if len(batch) == 1 or (isinstance(error, Busy) and one_row):
        _fail(batch, error)
        return
    if isinstance(error, Busy):
        for ticket in batch:
            ticket.alone = True
        return
    deadline = time.monotonic() + WAIT_SECONDS
    for ticket in batch:
        if time.monotonic() > deadline:
            ticket.failure = Busy()
            continue
        try:
            ticket.result = _execute([ticket.command])[0]
        except Exception as own:  # noqa: BLE001  (raised again in the thread that it belongs to)
            ticket.failure = own


def _dismiss(key: Hashable, batch: list[Ticket]) -> None:
    """Tell those who still wait in line that the database is away; nothing of theirs was sent to it."""
    with _mutex:
        waiting = list(_lines[key].waiting)
        _lines[key].waiting.clear()
        for ticket in waiting:
            ticket.failure = Unavailable()
    batch.extend(waiting)


def _fail(batch: Sequence[Ticket], error: Exception) -> None:
    for ticket in batch:
        if ticket.result is None:
            # An exception of its own for each thread that will raise it.
            ticket.failure = type(error)() if isinstance(error, EngineError) else error
