"""Group commit: the requests that wait for the same row are written together.

In a flash sale everybody wants one row, and one transaction per request makes its lock the limit. So in each process
the requests for one SKU stand in one line. Whoever finds the line unattended leads it: it takes what waits, in the
order of arrival, through one transaction, wakes each with its own answer, and hands the lead to the first who came
meanwhile. A request that meets nobody is a batch of one and waits for nothing. Between processes the row's lock is
the queue.

Who leads a SKU's line alone, and every small cart, goes on to the shop's *lane*: a line whose batch locks many rows in
one statement, in the order of their keys, so that a sale spread over ten thousand SKUs shares transactions too. Nobody
waits there for somebody else's row: who is not taken at once, and everybody in a batch whose locks are not had at once,
leaves the lane and goes its own way.

Confirms, releases and extends name reservations and not SKUs, so each shop has one more line for them.

No one waits for ever. A follower gives up at its deadline: before its turn it is told ``busy``, and while its batch is
being written ``outcome_unknown``; a batch that waits for its row in vain ends before that, so that it can be told so. A
leader that fails, in whatever way, answers everybody in its batch and hands over.
"""

import time
from collections.abc import Hashable, Sequence
from itertools import islice

from django.conf import settings
from django.db import connection

from . import locking
from .batch import Result, execute
from .commands import Command, Reserve
from .errors import Busy, EngineError, OutcomeUnknown, Unavailable
from .lines import More, Ticket, clear, give_up, hand_over, join, leave, take
from .sold_out import refuse_without_lock, remember, wait_for_company

# Two batches that wait for a row in vain, the one before and one's own (twice lock_timeout), end a little sooner: who
# waits longer than that is better served by an honest "try again".
WAIT_SECONDS = 4.5
# From the end of a wait for the row to the last follower's hearing of it, on a machine that is busy.
TELL_SECONDS = 0.5
# A database that took longer than this to be found away would keep the next batch waiting for as long.
SILENCE_SECONDS = 2.5
# How long anybody waits to be taken along in the lane before it writes by itself.
LANE_SECONDS = 0.1
# A cart of more SKUs than this would make the whole lane wait for its many rows.
LANE_SKUS = 10


def submit(command: Command) -> Result:
    """Carry out `command`, together with others if others are waiting for the same row.

    Raises Busy, Unavailable or OutcomeUnknown, and any defect as it is.
    """
    if connection.in_atomic_block or not settings.GROUP_COMMIT:
        return _alone(command)
    ticket = Ticket(command)
    _stand(_line_of(command), ticket)
    if ticket.alone:
        return _alone(command)
    assert ticket.result is not None
    return ticket.result


def _stand(key: Hashable, ticket: Ticket) -> None:
    """Stand in line, and lead when it is this ticket's turn, until it has its result or is to be carried out alone."""
    met_nobody = join(key, ticket)
    if not met_nobody:
        _wait(key, ticket)
    if ticket.leads:
        _lead(key, ticket, met_nobody=met_nobody)
    if ticket.failure is not None:
        raise ticket.failure


def _alone(command: Command) -> Result:
    refusal = refuse_without_lock([command])[0]
    return refusal if refusal is not None else _execute([command])[0]


def _execute(commands: Sequence[Command], more: More = tuple, *limits: str) -> list[Result]:
    results = execute(commands, more, *limits)
    for result in results:
        remember(commands[0].shop_id, result)
    return results


def _line_of(command: Command) -> Hashable:
    """Single-SKU reserves stand in that SKU's line, small carts in the lane, the rest in their shop's other line."""
    if not isinstance(command, Reserve):
        return command.shop_id
    if len(command.lines) == 1:
        return command.shop_id, command.lines[0].sku
    if len(command.lines) <= LANE_SKUS:
        return _lane(command.shop_id)
    return command.shop_id, *sorted(line.sku for line in command.lines)


def _lane(shop_id: int) -> Hashable:
    return (shop_id,)


def _is_lane(key: Hashable) -> bool:
    return isinstance(key, tuple) and len(key) == 1


def _wait(key: Hashable, ticket: Ticket) -> None:
    """Sleep until answered or called to lead; at the deadline leave the line with an honest error."""
    # A waiter keeps no connection: with a bounded pool it could be the very one that its leader waits for.
    if connection.connection is not None:
        connection.close()
    if _is_lane(key) and (ticket.wake.acquire(timeout=LANE_SECONDS) or leave(key, ticket)):
        return
    if ticket.wake.acquire(timeout=WAIT_SECONDS):
        return
    give_up(key, ticket)


def _lead(key: Hashable, ticket: Ticket, *, met_nobody: bool) -> None:
    """Write one batch, then hand the line to the first who waits. Whatever ends this, the line does not stand still."""
    batch: list[Ticket] = []
    try:
        if _is_lane(key):
            _write_lane(take(key, batch))
        else:
            wait_for_company(ticket.command)
            take(key, batch)
            _write(key, batch, met_nobody=met_nobody)
    finally:
        hand_over(key, ticket)
        for ticket in batch:
            if ticket.wake.locked():
                ticket.wake.release()


def _write(key: Hashable, batch: list[Ticket], *, met_nobody: bool) -> None:
    """Give every ticket of the batch a result or a failure; reserves that come while the lock is waited for join it."""
    begun = time.monotonic()
    try:
        refused = refuse_without_lock([ticket.command for ticket in batch])
        for ticket, refusal in zip(batch, refused, strict=True):
            ticket.result = refusal
        _write_rest(key, batch, met_nobody=met_nobody)
    except (Unavailable, OutcomeUnknown) as error:
        _fail(batch, error)
        if time.monotonic() - begun > SILENCE_SECONDS:
            clear(key, batch)
    except Exception as error:  # noqa: BLE001  (whatever it is, it belongs to one of these requests)
        _isolate([ticket for ticket in batch if ticket.result is None], error)
    except BaseException:
        _fail(batch, OutcomeUnknown())
        raise


def _write_rest(key: Hashable, batch: list[Ticket], *, met_nobody: bool) -> None:
    rest = [ticket for ticket in batch if ticket.result is None]
    if not rest:
        return
    results = _in_lane(key, batch, rest) if met_nobody and len(batch) == 1 else None
    if results is None:
        limits = _patience_of(rest[0])
        results = _execute([ticket.command for ticket in rest], lambda: _late(key, batch, rest), *limits)
    for ticket, result in zip(rest, results, strict=True):
        ticket.result = result


def _patience_of(first: Ticket) -> list[str]:
    """The limit, if it takes one, that lets who waits longest hear how their batch ended before they give up on it."""
    left = WAIT_SECONDS - TELL_SECONDS - (time.monotonic() - first.since)
    return [locking.wait_at_most(left)] if left < locking.LOCK_SECONDS else []


def _in_lane(key: Hashable, batch: list[Ticket], rest: list[Ticket]) -> list[Result] | None:
    """The results of a request that met nobody and of those for its SKU that came late; None: write them by yourself.

    A request of another kind than a reserve names its rows in another way, and has no lane.
    """
    command = rest[0].command
    if not isinstance(command, Reserve) or len(command.lines) > 1:
        return None
    ticket = Ticket(command, lambda: _late(key, batch, rest, ticket))
    _stand(_lane(command.shop_id), ticket)
    if ticket.alone:
        return None
    assert ticket.result is not None
    return [ticket.result, *ticket.late]


def _write_lane(batch: list[Ticket]) -> None:
    """Give every ticket of the lane's batch its results, or a failure, or leave it alone."""
    late: list[Sequence[Reserve]] = []

    def more() -> list[Reserve]:
        late.extend(ticket.more() for ticket in batch)
        return [command for commands in late for command in commands]

    try:
        results = _execute([ticket.command for ticket in batch], more, locking.BRIEFLY)
        following = iter(results[len(batch) :])
        for ticket, commands in zip(batch, late, strict=True):
            ticket.late = list(islice(following, len(commands)))
        for ticket, result in zip(batch, results, strict=False):
            ticket.result = result
    except (Unavailable, OutcomeUnknown) as error:
        _fail(batch, error)
    except Exception:  # noqa: BLE001  (nothing was applied; whatever it is, its owner will meet it again)
        for ticket in batch:
            ticket.alone = True
    except BaseException:
        _fail(batch, OutcomeUnknown())
        raise


def _late(key: Hashable, batch: list[Ticket], rest: list[Ticket], behind: Ticket | None = None) -> list[Reserve]:
    if not isinstance(batch[0].command, Reserve):
        return []
    late = take(key, batch, behind)
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


def _fail(batch: Sequence[Ticket], error: Exception) -> None:
    for ticket in batch:
        if ticket.result is None:
            # An exception of its own for each thread that will raise it.
            ticket.failure = type(error)() if isinstance(error, EngineError) else error
