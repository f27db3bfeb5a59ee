"""The cause of a difference, from events that no push of ours explains and from which of the two balances moved."""

from dataclasses import dataclass
from decimal import Decimal

from bling_sync.models import Cause


@dataclass(frozen=True, slots=True)
class Heard:
    """Events that may explain a movement: balances set, units out, units in, and orders cancelled anywhere.

    `undone`: the units that came in may be those of a cancelled order, as far as these are known.
    """

    sets: int
    out: int
    back: int
    cancellations: int
    undone: bool


def cause(heard: Heard, *, moved: Decimal, booked: bool) -> Cause:
    """Why the virtual balance moved by `moved` beyond our own pushes; `booked`: the physical one moved too.

    A set balance is a person's work, a deleted movement too, and so are units that come in unless a cancelled order had
    taken them out. Units that go out are somebody's sale. Where only the virtual balance moved, an order reserved the
    units, or let them go.
    """
    if heard.sets:
        return Cause.EDITED
    if moved < 0:
        return Cause.OTHER_CHANNEL if heard.out or not booked else Cause.UNKNOWN
    if not booked or (heard.cancellations and heard.undone):
        return Cause.CANCELLED
    return Cause.EDITED if heard.back else Cause.UNKNOWN
