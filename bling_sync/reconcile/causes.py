"""The cause of a difference, from the events that nobody of us explains and from which of the two balances moved."""

from dataclasses import dataclass
from decimal import Decimal

from bling_sync.models import Cause


@dataclass(frozen=True, slots=True)
class Heard:
    """Events since the reading before: balances set, units out, units in, and orders cancelled anywhere."""

    sets: int
    out: int
    back: int
    cancellations: int


def cause(heard: Heard, *, moved: Decimal, booked: bool) -> Cause:
    """Why the virtual balance moved by `moved` more than we did; `booked`: the physical one moved too.

    A set balance is a person's work, and so are units that come in without a cancelled order. Units that go out are
    somebody's sale. Where only the virtual balance moved, an order reserved the units, or let them go.
    """
    if heard.sets:
        return Cause.EDITED
    if moved < 0:
        return Cause.OTHER_CHANNEL if heard.out or not booked else Cause.UNKNOWN
    if heard.cancellations:
        return Cause.CANCELLED
    if heard.back:
        return Cause.EDITED
    return Cause.UNKNOWN if booked else Cause.CANCELLED
