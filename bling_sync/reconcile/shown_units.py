"""Which of our own units a reading shows. Pure: values in, a judgement out; no clock, no database.

What is known of each push that the base does not contain, how far both balances fell since the base, and what others
are known to have moved: from these follows how many of our units are in the reading. It never matters which of two
pushes a unit belongs to, only how many units there are. So a reading that shows five of our eighteen units leaves
thirteen in flight, and the offer is the same before and after it. docs/decisions/0011-what-a-reading-shows.md has the
cases.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum

# A reading takes its time, and so does the worker that makes it.
MARGIN = timedelta(seconds=3)
ZERO = Decimal(0)


class Knowledge(Enum):
    """What we know of a push."""

    REACHED = "Bling has it"
    UNDER_WAY = "a call may be under way"
    LOST = "the answer was lost"
    AWAITED = "Bling imports its order at any moment"
    OUT = "Bling has not heard of it"


@dataclass(frozen=True, slots=True)
class OpenPush:
    """A push that the base does not contain. `units` are signed as they lower the balance: a return's are negative.

    `at`: since when the knowledge holds. `is_echoed`: its event had come before the reading began. `by_reservation`:
    only the virtual balance shows it.
    """

    id: int
    units: int
    knowledge: Knowledge
    at: datetime
    is_echoed: bool = False
    by_reservation: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The balances that one call answered. `judged_at`: until when what others did is known."""

    virtual: Decimal
    physical: Decimal
    started_at: datetime
    judged_at: datetime


@dataclass(frozen=True, slots=True)
class Base:
    """The last reading of which it is known what it shows, less what surely shows by its age since then.

    `others_seen`: units that others took, as the balances have shown since `others_since`. `undecided_since`: the first
    reading after it that did not decide.
    """

    virtual: Decimal
    physical: Decimal
    others_since: datetime
    others_seen: Decimal = ZERO
    undecided_since: datetime | None = None

    def without(self, pushes: Iterable[OpenPush]) -> "Base":
        """The base with these pushes in it."""
        units = units_of(pushes)
        return replace(self, virtual=self.virtual - units, physical=self.physical - units)


@dataclass(frozen=True, slots=True)
class Others:
    """What others are known to have moved since the base's `others_since`.

    `told`: units taken, net. `is_sized`: whether each event says how many, but for one that set the physical balance,
    the last of them to `set_to`.
    """

    told: Decimal = ZERO
    is_sized: bool = True
    set_to: Decimal | None = None

    @property
    def are_all_sized(self) -> bool:
        """Whether all that is known is a number of units."""
        return self.is_sized and self.set_to is None

    def are_all_in(self, reading: Reading, seen: Decimal) -> bool:
        """Whether a reading at which others had been seen to take `seen` units shows all that is known of them."""
        return self.is_sized and (seen == self.told if self.set_to is None else reading.physical == self.set_to)


@dataclass(frozen=True, slots=True)
class Account:
    """How Bling treats our orders. `reserved`: units in the base that only a reservation shows.

    `books_physically`: whether the physical balance tells of our pushes too, and of nothing else of ours.
    """

    reserved: int = 0
    books_physically: bool = True


@dataclass(frozen=True, slots=True)
class Judgement:
    """`in_flight`: net units sold that the reading does not show; `in_doubt` of them it may show, until `doubt_until`.

    `shown`: ids of the pushes that it surely shows. `base`: the base from now on; `is_decided`: it is this reading, and
    `unexplained` (virtual, physical) is how far others lowered the balances since the one before. `look_again`: an
    order that Bling had may be gone.
    """

    in_flight: int
    in_doubt: int
    doubt_until: datetime | None
    shown: tuple[int, ...]
    base: Base | None
    is_decided: bool
    unexplained: tuple[Decimal, Decimal] | None
    look_again: bool


def judge(
    base: Base | None,
    reading: Reading,
    pushes: Sequence[OpenPush],
    others: Others,
    *,
    grace: timedelta,
    account: Account = Account(),
) -> Judgement:
    """The judgement about one reading."""
    # The grace time is longer than Bling's lag: what Bling had at `limit` is in this reading.
    limit = reading.started_at - grace
    old = [push for push in pushes if push.knowledge is Knowledge.REACHED and push.at <= limit]
    # A reservation lowers the virtual balance alone, so the gap between the two is what all orders reserve now. What it
    # does not cover of ours is not in this reading, however old the push.
    waiting = [push for push in old if push.by_reservation]
    gap = max(0, math.floor(reading.physical - reading.virtual))
    uncovered = max(0, account.reserved + units_of(waiting) - gap)
    sure = [push for push in old if not (push.by_reservation and uncovered)]
    # A return that may be in Bling, and that no reading shows, is no unit to sell.
    mute = [push for push in pushes if push.knowledge is Knowledge.LOST and push.at <= limit]
    out = [push for push in pushes if push.knowledge is Knowledge.OUT] + [push for push in mute if push.units > 0]
    recent = [push for push in pushes if not (push in old or push in mute or push.knowledge is Knowledge.OUT)]

    found = _Comparison(base.without(sure) if base else None, reading, recent, others, account)
    # Units of an order that is in the base come back only where the virtual balance rose.
    uncovered = min(uncovered, units_of(waiting) + found.rise) if base else uncovered
    look_again = uncovered > units_of(waiting)
    units, doubt = found.units, found.doubt
    # While an order of the base may be gone, an exact fit may be chance: then only age settles a push.
    shown = [*sure, *(found.reached if found.is_exact and not look_again else ())]
    following = None if look_again or not found.decides(limit) else found.following(limit)
    return Judgement(
        in_flight=units_of(recent) + units_of(out) - units + uncovered,
        in_doubt=doubt,
        doubt_until=max(_since(recent, reading)) + grace + MARGIN if doubt else None,
        shown=tuple(push.id for push in shown),
        base=following or found.undecided(),
        is_decided=following is not None,
        unexplained=found.unexplained() if following else None,
        look_again=look_again,
    )


def units_of(pushes: Iterable[OpenPush]) -> int:
    """The units of these pushes, net of returns."""
    return sum(push.units for push in pushes)


class _Comparison:
    """How many of the recent pushes' units the balances can show, and how many they do."""

    def __init__(
        self, base: Base | None, reading: Reading, recent: Sequence[OpenPush], others: Others, account: Account
    ) -> None:
        self._base, self._reading, self._recent, self._others = base, reading, recent, others
        self.reached = [push for push in recent if push.knowledge is Knowledge.REACHED]
        # What our pushes can have moved: at the least all returns and no sale, at the most all sales and no return.
        # `_likely` leaves out lost answers and awaited orders, which we never believe to be in a reading.
        known = (Knowledge.REACHED, Knowledge.UNDER_WAY)
        self._least = sum(push.units for push in recent if push.units < 0)
        self._likely = sum(push.units for push in recent if push.units > 0 and push.knowledge in known)
        self._most = sum(push.units for push in recent if push.units > 0)
        falls = [] if base is None else [base.virtual - reading.virtual]
        if base and account.books_physically:
            falls.append(base.physical - reading.physical)
        self._untold = others.told - base.others_seen if base else ZERO
        # What others brought, by their events, may have been in the base: it explains a fall only where both balances
        # agree that it came since.
        believed = bool(falls) and others.are_all_sized and (self._untold >= 0 or len(falls) > 1)
        echoed = all(push.is_echoed for push in self.reached)
        self.is_exact = believed and echoed and all(fall - self._untold == units_of(self.reached) for fall in falls)
        # Units that others are said to have brought do not raise a rest: with them ours would pass for shown too early.
        self._rests = [fall - max(ZERO, self._untold) for fall in falls]

    @property
    def _is_ours(self) -> bool:
        """Whether our own pushes can explain all that others are not known to have done."""
        return (
            bool(self._rests)
            and self._others.are_all_sized
            and all(self._least <= rest <= self._most for rest in self._rests)
        )

    @property
    def units(self) -> int:
        """Our units in the reading: as many as it fell by; where somebody else is at work unseen, none for sure."""
        if self.is_exact:
            return units_of(self.reached)
        return min(self._likely, math.floor(min(self._rests))) if self._is_ours else self._least

    @property
    def doubt(self) -> int:
        """The units beyond those that the virtual balance, which is what counts, may show."""
        if self.is_exact:
            return 0
        # The first rest is the virtual balance's.
        most = min(self._most, math.floor(self._rests[0])) if self._is_ours else self._most
        return max(0, most - self.units)

    @property
    def rise(self) -> int:
        """By how much the virtual balance rose beyond what our returns explain."""
        return max(0, self._least - math.floor(self._rests[0])) if self._rests else 0

    def decides(self, limit: datetime) -> bool:
        """Whether it is known what the reading shows: just our pushes, or none of ours is in doubt."""
        if self.is_exact or not self._recent:
            return True
        since = self._base.undecided_since if self._base else limit
        # An order that Bling has not imported may come at any time, and must not keep the base for ever.
        return (
            all(push.knowledge is Knowledge.AWAITED for push in self._recent) and since is not None and since <= limit
        )

    def following(self, limit: datetime) -> Base:
        """This reading as the base. It keeps what events say of others until the balances have shown as much."""
        new = Base(self._reading.virtual, self._reading.physical, limit)
        if self._base is None:
            return new
        seen = self._base.others_seen + self._base.virtual - self._reading.virtual - self._contained
        if self._others.are_all_in(self._reading, seen):
            # Nothing is left to remember: events and balances agree, and both accounts start again from zero.
            return replace(new, others_since=self._reading.judged_at)
        # By its age this reading shows every event from before `limit`, so the account of others starts again there.
        if self._base.others_since <= limit:
            return new
        return replace(new, others_since=self._base.others_since, others_seen=seen)

    def undecided(self) -> Base | None:
        """The base as it was, since this reading at the latest without a new one."""
        if self._base is None or self._base.undecided_since is not None:
            return self._base
        return replace(self._base, undecided_since=self._reading.started_at)

    def unexplained(self) -> tuple[Decimal, Decimal] | None:
        """How far others lowered both balances."""
        if self._base is None:
            return None
        before, now, ours = self._base, self._reading, self._contained
        return before.virtual - ours - now.virtual, before.physical - ours - now.physical

    @property
    def _contained(self) -> int:
        return units_of(self.reached) if self.is_exact else 0


def _since(recent: Iterable[OpenPush], reading: Reading) -> list[datetime]:
    """Since when each of them is as it is; an order that is awaited may come as late as now."""
    return [reading.started_at if push.knowledge is Knowledge.AWAITED else push.at for push in recent]
