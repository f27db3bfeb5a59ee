"""Sold out: refuse without the lock.

If a SKU was sold out a moment ago, one committed read, which starts after all of the next requests for it have arrived,
looks first. If it finds no unit free and no hold dead at that instant, it refuses them; else all go on to the lock, as
does a cart that holds units of its own. So every refusal is true at a moment between the request and its answer, and no
buyer is denied a unit that came free.

It reads the idempotency records after the stock: if a request's own first try took the last unit, its record is seen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from reservations.engine.book.reads import doubt_end, end_beyond, release_units
from reservations.engine.book.transaction import Statements, committed_reads
from reservations.engine.errors import OutOfStock, UncoveredLine
from reservations.engine.values import AlreadyAnswered, Outcome, in_doubt_beside

from . import measures
from .commands import Command, Reserve
from .idempotency import KeyRing

# A SKU of a shop.
_Sku = tuple[int, str]

# One statement, so one moment: the free units, the clock, the first end of a hold, and who holds already. Not the sum
# of the dead: a planner with yesterday's statistics reads the whole table for it (37 ms beside 200,000 holds), and to
# know whether there are any is enough. MATERIALIZED reads the clock once: all parts judge the same instant; and
# the asking carts' holds by their carts, never by the SKU's many.
_FREE = """
WITH clock AS MATERIALIZED (SELECT clock_timestamp() AS now), asking AS MATERIALIZED (
    SELECT cart_token, stock_item_id, expires_at FROM reservations_reservation
    WHERE shop_id = %s AND cart_token = ANY(%s) AND status = 'active' AND order_id = ''
)
SELECT i.on_hand - i.reserved - i.in_flight, (SELECT now FROM clock), (
        SELECT r.expires_at FROM reservations_reservation AS r
        WHERE r.shop_id = i.shop_id AND r.stock_item_id = i.id AND r.ended_at IS NULL
        ORDER BY r.expires_at LIMIT 1
    ), ARRAY(
        SELECT cart_token FROM asking WHERE stock_item_id = i.id AND expires_at > (SELECT now FROM clock)
    ), (SELECT max_units_per_line FROM reservations_shop WHERE id = i.shop_id), i.in_doubt, i.doubt_until,
    i.owed, i.id
FROM reservations_stockitem AS i WHERE i.shop_id = %s AND i.sku = %s AND NOT i.sells_without_stock
"""


@dataclass(frozen=True, slots=True)
class _Moment:
    """A SKU with no unit free and no hold dead at one instant: its next end, and which asking carts hold units."""

    next_release: datetime | None
    holders: frozenset[UUID]
    max_units_per_line: int | None
    in_doubt: int

    def refuses(self, command: Reserve) -> OutOfStock | None:
        """The refusal that this instant justifies, if any; a command that breaks another rule goes on to the lock."""
        line = command.lines[0]
        if command.cart_token in self.holders:
            return None
        if self.max_units_per_line is not None and line.quantity > self.max_units_per_line:
            return None
        return OutOfStock([UncoveredLine(line.sku, line.quantity, 0, self.next_release, self.in_doubt)])


class SoldOut:
    """The SKUs that were sold out when this process last looked, and how many requests that look answered.

    A hint decides which way to try first, never an answer. When there are too many, it forgets all: the next request
    for each then takes the lock once.
    """

    most_hints: ClassVar[int] = 10_000
    # A look is over so soon that the next one would find a single request in the queue. Where several came together
    # last time, the next leader waits this long for company, and one look answers them all.
    company_seconds: ClassVar[float] = 0.001

    def __init__(self) -> None:
        self._answered: dict[_Sku, int] = {}

    def refuse(self, commands: Sequence[Command]) -> list[Outcome | AlreadyAnswered | None]:
        """For each command the answer that needs no lock, or None. All commands want the same row."""
        sku = _sku_of(commands[0])
        if sku is None or sku not in self._answered:
            return [None] * len(commands)
        with committed_reads() as statements:
            moment = _look(statements, sku, commands)
            if moment is None:
                self._answered.pop(sku, None)
                return [None] * len(commands)
            keys = KeyRing(commands[0].shop_id)
            keys.ask(commands, lock=False)
            statements.send(*keys.find())
            keys.learn()
        self._answered[sku] = len(commands)
        answers = [_answer(moment, keys, command) for command in commands]
        measures.REFUSED_WITHOUT_LOCK.inc(sum(isinstance(answer, OutOfStock) for answer in answers))
        return answers

    def gather_seconds(self, command: Command) -> float:
        """How long to wait for company before a look at a sold-out SKU that many ask for; else 0."""
        sku = _sku_of(command)
        return self.company_seconds if sku is not None and self._answered.get(sku, 0) > 1 else 0.0

    def learn(self, shop_id: int, results: Iterable[object]) -> None:
        """Learn which SKUs are sold out, from answers given under the lock."""
        for result in results:
            if isinstance(result, OutOfStock):
                if len(self._answered) >= self.most_hints:
                    self._answered.clear()
                self._answered.update(((shop_id, line.sku), 1) for line in result.lines if line.available == 0)


hints = SoldOut()


def _sku_of(command: Command) -> _Sku | None:
    """The row that a reserve of one SKU wants; None for every other command."""
    if isinstance(command, Reserve) and command.sku is not None:
        return command.shop_id, command.sku
    return None


def _look(statements: Statements, where: _Sku, commands: Sequence[Command]) -> _Moment | None:
    """The moment, or None if only the lock can tell: units are free, a dead hold has some, or none are needed."""
    shop_id, sku = where
    carts = [c.cart_token for c in commands if isinstance(c, Reserve) and c.cart_token]
    rows = statements.fetch(_FREE, (shop_id, carts, shop_id, sku))
    if not rows:
        return None
    free, now, first_end, holders, most, in_doubt, doubt_until, owed, item_id = rows[0]
    # The first end is that of the oldest hold: if even that one lives, none is dead.
    if free > 0 or (first_end is not None and first_end <= now):
        return None
    if owed:
        # Only when, not whether: the refusal is of the moment above. Nothing of this is asked of other SKUs.
        lacking = owed - free
        first_end = end_beyond(lacking, release_units(statements, shop_id, item_id, now, lacking + 1))
    ends = (first_end, doubt_end(free - owed, in_doubt, doubt_until, now))
    next_release = min((end for end in ends if end), default=None)
    return _Moment(next_release, frozenset(holders), most, in_doubt_beside(free - owed, in_doubt))


def _answer(moment: _Moment, keys: KeyRing, command: Command) -> Outcome | AlreadyAnswered | None:
    assert isinstance(command, Reserve)
    if command.idempotency is not None:
        early = keys.refuse_or_replay(command.idempotency)
        if early is not None:
            return early
    return moment.refuses(command)
