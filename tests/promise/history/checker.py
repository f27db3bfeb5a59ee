"""Is there an order of all calls, each at one moment between its call and its answer, in which every answer is right?

Finding such an order is hard; the ledger proposes one, and a proposal is easy to check. So a history is judged twice:
by what the clients alone know (:func:`bounds`), which trusts nothing of ours, and with the ledger as the witness
(:func:`witness`). Each returns what is wrong, in sentences; for a linearizable history, nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from .events import Event, History

KIND_OF = {"reserve": "reserved", "confirm": "confirmed", "release": "released"}
FOR_EVER = float("inf")
END_OF_REFUSAL = {"reservation_confirmed": "confirmed", "reservation_released": "released"}


def check(history: History) -> list[str]:
    """Everything that is wrong with the history."""
    return [*bounds(history), *witness(history)]


def bounds(history: History) -> Iterator[str]:
    """Never more units surely out than exist; no refusal while enough were surely free."""
    reserved = [event for event in history.events if event.verb == "reserve" and event.told == "ok"]
    released = _released(history)
    for last in reserved:
        moment = last.returned
        out = sum(e.quantity for e in reserved if e.returned <= moment < released[e.reservation][0])
        if out > history.units:
            yield f"{out} of {history.units} units are out at {moment}"
    for refused in history.events:
        if refused.told == "out_of_stock":
            # Units free at every moment of this call, whenever inside their spans the other calls took effect.
            moments = [refused.called, *(e.called for e in reserved if refused.called < e.called <= refused.returned)]
            most_out = max(
                sum(e.quantity for e in reserved if e.called <= moment <= released[e.reservation][1])
                for moment in moments
            )
            if history.units - most_out >= refused.quantity:
                yield f"{refused.quantity} units were refused while they were surely free: {refused}"


def _released(history: History) -> dict[str | None, tuple[float, float]]:
    """For each reservation, when its release may have begun, and by when it was over; infinity without a release."""
    known: dict[str | None, tuple[float, float]] = defaultdict(lambda: (FOR_EVER, FOR_EVER))
    for event in history.events:
        if event.verb == "release" and event.told == "ok":
            begun, over = known[event.reservation]
            known[event.reservation] = min(begun, event.called), min(over, event.returned)
    return known


def witness(history: History) -> Iterator[str]:
    """Check that the ledger's order explains every answer."""
    yield from _rows_match_answers(history)
    yield from _rows_replay(history)
    yield from _refusals_fit(history)


def _rows_match_answers(history: History) -> Iterator[str]:
    """Each change has one row, written between the call and its answer; each row has a call that asked for it."""
    rows = Counter((row.kind, row.reservation, row.quantity) for row in history.rows)
    yield from (f"the ledger has {change} {times} times" for change, times in rows.items() if times > 1)
    at = {(row.kind, row.reservation, row.quantity): row.at for row in history.rows}
    asked = set()
    for event in history.events:
        if event.told != "ok" or event.reservation is None:
            continue
        change = KIND_OF[event.verb], event.reservation, event.quantity
        if change not in at:
            yield f"no ledger row for {event}"
        # A repeated confirm gets the answer of the first.
        elif at[change] > event.returned or (change not in asked and not _first_call(history, event) <= at[change]):
            yield f"the ledger row of {event} is from {at[change]}"
        asked.add(change)
    yield from (f"nobody asked for {change}" for change in at.keys() - asked)


def _first_call(history: History, event: Event) -> float:
    same = (
        e.called for e in history.events if (e.verb, e.reservation, e.told) == (event.verb, event.reservation, "ok")
    )
    return min(same)


def _rows_replay(history: History) -> Iterator[str]:
    """Replayed from the start, no row takes units that are not there, ends what is not alive, or goes back in time."""
    free, live = history.units, dict[str, int]()
    before = -FOR_EVER
    for row in history.rows:
        if row.at < before:
            yield f"{row} is older than the row before it"
        before = row.at
        if row.kind == "reserved":
            free -= row.quantity
            live[row.reservation] = row.quantity
            if free < 0:
                yield f"{row} takes a unit that does not exist"
        elif live.pop(row.reservation, None) != row.quantity:
            yield f"{row} ends what does not live"
        elif row.kind == "released":
            free += row.quantity


def _refusals_fit(history: History) -> Iterator[str]:
    """Each refusal was right at some moment between its call and its answer."""
    spans = list(_spans(history))
    ends = {row.reservation: row for row in history.rows if row.kind != "reserved"}
    for event in history.events:
        if event.told == "out_of_stock":
            least = min(free for begin, end, free in spans if begin <= event.returned and end >= event.called)
            if least >= event.quantity:
                yield f"at least {least} units were free all the time of {event}"
        elif event.told in END_OF_REFUSAL and event.reservation is not None:
            end_row = ends.get(event.reservation)
            if end_row is None or end_row.kind != END_OF_REFUSAL[event.told] or end_row.at > event.returned:
                yield f"the ledger does not explain {event}"


def _spans(history: History) -> Iterator[tuple[float, float, int]]:
    """For each state of the ledger, from when to when it may have been the current one, and the units then free.

    A row is decided at its time and seen by others when it is committed: at the latest when its client was answered, or
    a later row's was. So the time of each state begins with its own row, and ends when the next one must be there.
    """
    answered: dict[tuple[str, str | None], float] = {}
    for event in history.events:
        if event.told == "ok":
            change = KIND_OF[event.verb], event.reservation
            answered[change] = min(event.returned, answered.get(change, FOR_EVER))
    latest = [answered.get((row.kind, row.reservation), FOR_EVER) for row in history.rows]
    for place in reversed(range(len(latest) - 1)):
        latest[place] = min(latest[place], latest[place + 1])
    begin, free = -FOR_EVER, history.units
    for row, end in zip(history.rows, latest, strict=True):
        yield begin, end, free
        begin = row.at
        free += {"reserved": -row.quantity, "released": row.quantity}.get(row.kind, 0)
    yield begin, FOR_EVER, free
