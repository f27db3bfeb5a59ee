"""Sold out is answered without the lock.

When a SKU was found sold out a moment ago, the next requests for it are first held against one committed read that
starts after all of them arrived. With no unit free and no hold dead at that instant they are refused by it; else all go
on to the lock, as does a cart that holds units of its own. So a refusal is always true at a moment between the request
and its answer, and a unit that came free is never denied.

The idempotency records are read after the stock: if a request's own first try took the last unit, its record is seen.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from . import metrics
from .commands import Command, Reserve
from .errors import OutOfStock, ShortLine
from .idempotency import KeyRing
from .session import Session, reading_session
from .values import AlreadyAnswered, Outcome

# What was sold out when this process last looked, and how many requests that look answered. A hint only: it decides
# which way is tried first, never an answer.
_sold_out: dict[tuple[int, str], int] = {}
_MOST_HINTS = 10_000
# A look is over so soon that the next one would find a single request in line. Where several came together last time,
# it waits this long for company, and one look answers them all.
_GATHER_SECONDS = 0.001

# One statement, so one moment: the free units, the clock, the first end of a hold, and who holds already. Not the sum
# of the dead: a planner with yesterday's statistics reads the whole table for it (37 ms beside 200,000 holds), and
# whether there are any is enough.
_FREE = """
WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now)
SELECT i.on_hand - i.reserved - i.in_flight, (SELECT now FROM clock), (
        SELECT r.expires_at FROM reservations_reservation AS r
        WHERE r.shop_id = i.shop_id AND r.stock_item_id = i.id AND r.status = 'active'
        ORDER BY r.expires_at LIMIT 1
    ), ARRAY(
        SELECT r.cart_token FROM reservations_reservation AS r
        WHERE r.shop_id = i.shop_id AND r.stock_item_id = i.id AND r.status = 'active' AND r.cart_token = ANY(%s)
            AND r.expires_at > (SELECT now FROM clock)
    ), (SELECT max_units_per_line FROM reservations_shop WHERE id = i.shop_id)
FROM reservations_stockitem AS i WHERE i.shop_id = %s AND i.sku = %s
"""


@dataclass(frozen=True, slots=True)
class _Moment:
    """A SKU with no unit free and no hold dead at one instant: its next end, and which asking carts hold units."""

    next_release: datetime | None
    holders: frozenset[UUID]
    max_units_per_line: int | None

    def refuses(self, command: Reserve) -> OutOfStock | None:
        """The refusal that this instant justifies, if any; what breaks another rule is left to the lock's holder."""
        line = command.lines[0]
        if command.cart_token in self.holders:
            return None
        if self.max_units_per_line is not None and line.quantity > self.max_units_per_line:
            return None
        return OutOfStock([ShortLine(line.sku, line.quantity, 0, self.next_release)])


def refuse_without_lock(commands: Sequence[Command]) -> list[Outcome | AlreadyAnswered | None]:
    """For each command the answer that needs no lock, or None. All of them want the same row."""
    first = commands[0]
    if not isinstance(first, Reserve) or len(first.lines) > 1:
        return [None] * len(commands)
    hint = (first.shop_id, first.lines[0].sku)
    if hint not in _sold_out:
        return [None] * len(commands)
    with reading_session() as session:
        moment = _look(session, hint, commands)
        if moment is None:
            _sold_out.pop(hint, None)
            return [None] * len(commands)
        keys = KeyRing(session, first.shop_id)
        keys.ask(commands, lock=False)
        keys.find()
        keys.learn()
    _sold_out[hint] = len(commands)
    answers = [_answer(moment, keys, command) for command in commands]
    metrics.REFUSED_WITHOUT_LOCK.inc(sum(isinstance(answer, OutOfStock) for answer in answers))
    return answers


def wait_for_company(command: Command) -> None:
    """Before a look at a sold-out SKU that many ask for, let those arrive who are about to."""
    if not isinstance(command, Reserve) or len(command.lines) > 1:
        return
    if _sold_out.get((command.shop_id, command.lines[0].sku), 0) > 1:
        time.sleep(_GATHER_SECONDS)


def remember(shop_id: int, result: object) -> None:
    """Learn from an answer given under the lock which SKUs are sold out."""
    if isinstance(result, OutOfStock):
        if len(_sold_out) >= _MOST_HINTS:
            _sold_out.clear()
        _sold_out.update(((shop_id, line.sku), 1) for line in result.lines if line.available == 0)


def _look(session: Session, hint: tuple[int, str], commands: Sequence[Command]) -> _Moment | None:
    """The moment, or None when the lock's holder has to see: units are free, a dead hold has some, the SKU is gone."""
    shop_id, sku = hint
    carts = [c.cart_token for c in commands if isinstance(c, Reserve) and c.cart_token]
    rows = session.fetch(_FREE, (carts, shop_id, sku))
    if not rows:
        return None
    free, now, first_end, holders, most = rows[0]
    if free > 0 or (first_end is not None and first_end <= now):
        return None
    return _Moment(first_end, frozenset(holders), most)


def _answer(moment: _Moment, keys: KeyRing, command: Command) -> Outcome | AlreadyAnswered | None:
    assert isinstance(command, Reserve)
    if command.idempotency is not None:
        early = keys.refuse_or_replay(command.idempotency)
        if early is not None:
            return early
    return moment.refuses(command)
