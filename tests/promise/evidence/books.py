"""Bling's books with their lag, our pushes on their way, others at work, and the offer that the judgement leaves.

All in memory and in turns of a tenth of a second, so that thousands of histories run in a minute: nothing happens in
the same turn. The balances show each movement after a lag of its own; events come in any order, twice, or never.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bling_sync.reconcile.shown_units import (
    Base,
    Judgement,
    Knowledge,
    OpenPush,
    Others,
    Reading,
    judge,
)

SECOND = 10
GRACE = 8 * SECOND
OPENING = 50
_START = datetime(2026, 11, 27, tzinfo=UTC)

Judge = Callable[..., Judgement]


def moment(turn: int) -> datetime:
    """A turn as a time."""
    return _START + timedelta(seconds=turn / SECOND)


@dataclass
class Movement:
    """Units that left the books at `at` (came in, where negative); each balance shows them from a second on."""

    units: int
    at: int
    physical_from: int
    virtual_from: int
    ours: bool
    told_at: int | None = None


@dataclass
class Sale:
    """A push: its state as our table has it, and what really became of it."""

    id: int
    units: int
    state: str = "pending"
    called_at: int = 0
    known_at: int = 0
    movement: Movement | None = None
    echoed_at: int | None = None

    @property
    def knowledge(self) -> Knowledge:
        """What we know of it."""
        known = {"sent": Knowledge.REACHED, "sending": Knowledge.UNDER_WAY, "unknown": Knowledge.LOST}
        return known.get(self.state, Knowledge.OUT)


@dataclass
class _Look:
    """A reading under way: when it began, and the balances once Bling has looked them up."""

    started: int
    balances: tuple[int, int] | None = None
    looked_up: int = 0
    counted: int = 0
    hidden: int = 0


@dataclass
class Books:
    """The whole of one history."""

    judge: Judge = judge
    now: int = 100 * SECOND
    sales: list[Sale] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    look: _Look | None = None
    base: Base = field(default_factory=lambda: Base(Decimal(OPENING), Decimal(OPENING), moment(0)))
    on_hand: int = OPENING
    in_flight: int = 0
    in_doubt: int = 0
    applied: _Look = field(default_factory=lambda: _Look(0, (OPENING, OPENING)))

    @property
    def offered(self) -> int:
        """Units on offer: nobody holds any here."""
        return self.on_hand - self.in_flight

    @property
    def sold(self) -> int:
        """Units that we sold, less returns."""
        return sum(sale.units for sale in self.sales)

    @property
    def true(self) -> int:
        """Units there, but for what others took since the last reading, or what its balance could not show."""
        return OPENING - self.sold - sum(m.units for m in self.movements if not m.ours and self._is_known(m))

    @property
    def unnoticed(self) -> int:
        """Units that others took without a word, and that the last reading can take for ours.

        As many as it hides of our sales, or shows of our returns.
        """
        seen_at, counted = self.applied.started, self.applied.counted
        silent = sum(
            m.units
            for m in self.movements
            if not m.ours and m.units > 0 and m.virtual_from <= seen_at and (m.told_at is None or m.told_at > counted)
        )
        return min(silent, self.applied.hidden)

    def _is_known(self, movement: Movement) -> bool:
        return movement.units < 0 or movement.virtual_from <= self.applied.started

    def sell(self, units: int) -> None:
        """Somebody buys, or gives back where `units` are negative."""
        self.sales.append(Sale(len(self.sales) + 1, units))
        self.in_flight += units

    def call(self) -> Sale | None:
        """The next push goes out, a sale with all that wait; one call at a time, and none while an answer is lost."""
        if any(sale.state in ("sending", "unknown") for sale in self.sales):
            return None
        first = next((one for one in self.sales if one.state == "pending"), None)
        if first is not None:
            others = [one for one in self.sales if one.state == "pending" and min(one.units, first.units) > 0]
            for sale in (first, *others):
                sale.state, sale.called_at = "sending", self.now
        return first

    def book(self, lags: tuple[int, int]) -> None:
        """Bling books the push that is under way."""
        called = [sale for sale in self.sales if sale.state == "sending" and sale.movement is None]
        if called:
            movement = self._moved(sum(sale.units for sale in called), lags, ours=True)
            for sale in called:
                sale.movement = movement

    def sell_at_once(self, units: int, lags: tuple[int, int]) -> None:
        """Somebody buys, and Bling has it, if nothing is in the way."""
        self.sell(units)
        self.call()
        self.book(lags)
        self.answer(lost=False)

    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.now += seconds * SECOND

    def read(self) -> None:
        """A whole reading."""
        self.begin_to_read()
        self.look_up()
        self.count()

    def answer(self, lost: bool) -> None:
        """The answer comes, or is lost; where nothing was booked it says so."""
        for sale in self.sales:
            if sale.state == "sending":
                sale.known_at = self.now
                sale.state = "unknown" if lost else "sent" if sale.movement else "pending"

    def find_out(self) -> None:
        """A lost answer is judged: the grace time after, or once its event is here and a reading shows it."""
        for sale in self.sales:
            if sale.state == "unknown" and sale.known_at + GRACE <= self.now:
                sale.state = "sent" if sale.movement else "pending"
            elif sale.state == "unknown" and sale.movement and self._is_shown_and_told(sale.movement):
                sale.state, sale.known_at = "sent", self.now

    def _is_shown_and_told(self, movement: Movement) -> bool:
        return movement.told_at is not None and movement.physical_from <= self.applied.looked_up

    def others_take(self, units: int, lags: tuple[int, int], told: bool) -> None:
        """Somebody else books units out (in, where negative); its event is `told` at once, or later, or never."""
        made = self._moved(units, lags, ours=False)
        if told:
            made.told_at = self.now

    def _moved(self, units: int, lags: tuple[int, int], *, ours: bool) -> Movement:
        physical, virtual = (lag * SECOND for lag in lags)
        made = Movement(units, self.now, self.now + physical, self.now + physical + virtual, ours)
        self.movements.append(made)
        return made

    def calm_down(self) -> None:
        """Everything comes to its end, and Bling is read once more."""
        for _ in range(2 * len(self.sales) + 1):
            self.answer(lost=False)
            self.wait(GRACE // SECOND)
            self.find_out()
            self.call()
            self.book((0, 0))
        self.answer(lost=False)
        self.look = None
        self.wait(GRACE // SECOND)
        self.read()

    def hear(self, place: int) -> None:
        """The event of some movement comes, or comes again."""
        if not self.movements:
            return
        movement = self.movements[place % len(self.movements)]
        if movement.told_at is None:
            movement.told_at = self.now
        for sale in self.sales:
            if sale.movement is movement and sale.echoed_at is None:
                sale.echoed_at = self.now

    def begin_to_read(self) -> None:
        """A reading begins."""
        if self.look is None:
            self.look = _Look(self.now)

    def look_up(self) -> None:
        """Bling looks its balances up."""
        if self.look is None or self.look.balances is not None:
            return
        physical = OPENING - sum(m.units for m in self.movements if m.physical_from <= self.now)
        virtual = OPENING - sum(m.units for m in self.movements if m.virtual_from <= self.now)
        self.look.balances, self.look.looked_up = (physical, virtual), self.now
        returned = [one.movement for one in self.sales if one.units < 0 and one.state != "settled" and one.movement]
        self.look.hidden = sum(m.units for m in self.movements if m.ours and m.units > 0 and m.virtual_from > self.now)
        self.look.hidden -= sum(m.units for m in returned if m.virtual_from <= self.now)

    def count(self) -> None:
        """The answer is here: it is judged and becomes the count."""
        if self.look is None or self.look.balances is None:
            return
        physical, virtual = self.look.balances
        found = self.judge(
            self.base,
            Reading(Decimal(virtual), Decimal(physical), moment(self.look.started), moment(self.now)),
            self._open(),
            self._others(),
            grace=timedelta(seconds=GRACE / SECOND),
        )
        self.on_hand, self.in_flight, self.in_doubt = virtual, found.in_flight, found.in_doubt
        for sale in self.sales:
            if sale.id in found.shown:
                sale.state = "settled"
        assert found.base is not None
        self.look.counted = self.now
        self.base, self.applied, self.look = found.base, self.look, None

    def _open(self) -> Sequence[OpenPush]:
        assert self.look is not None
        return [
            OpenPush(
                *(sale.id, sale.units, sale.knowledge),
                moment(sale.known_at if sale.state in ("sent", "unknown") else sale.called_at),
                is_echoed=sale.echoed_at is not None and sale.echoed_at <= self.look.started,
            )
            for sale in self.sales
            if sale.state != "settled" and not (sale.units < 0 and sale.state == "failed")
        ]

    def _others(self) -> Others:
        """As in_flight.py gathers it: an event counts against others unless a push of ours made it."""
        since = self.base.others_since
        unmade = [m for m in self.movements if m.told_at is not None and moment(m.told_at) > since]
        explained = {id(sale.movement) for sale in self.sales if sale.state in ("sending", "sent", "settled")}
        return Others(Decimal(sum(m.units for m in unmade if id(m) not in explained)))
