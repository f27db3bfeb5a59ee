"""Count the buyers who were turned away, by SKU and reason: in memory at once, in PostgreSQL a moment later.

A refused buyer waits for none of this: a refusal adds one in a dictionary (:mod:`.tally`). Every two seconds, and once
more when the process ends, a thread (:mod:`.clerk`) adds the counts to one row per SKU, reason and minute
(:mod:`.counts_table`). A killed process, a database away for longer than the dictionary has room, or a connection lost
at COMMIT makes the figures approximate; the stock's own numbers never depend on them.
"""

from collections.abc import Sequence
from multiprocessing.util import Finalize

from reservations.engine import CartLimitExceeded, HoldLimitReached, Line, OutOfStock
from reservations.models import RefusalReason

from .clerk import Clerk
from .tally import Said

__all__ = ["Said", "clerk", "count"]

clerk = Clerk()
# Granian forks its workers through multiprocessing, which before Python 3.13 runs no `atexit` in them but always this.
Finalize(None, clerk.end, exitpriority=0)


def count(shop_id: int, lines: Sequence[Line], refusal: OutOfStock | CartLimitExceeded | HoldLimitReached) -> None:
    """Count the refusal of a reserve of these `lines`, once for each SKU that stood in the way.

    Waits for no database and never raises; `clerk` writes the count down soon.
    """
    if isinstance(refusal, OutOfStock):
        for short in refusal.lines:
            said = Said(available=short.available, next_release=short.retry_at)
            clerk.note((shop_id, short.sku, RefusalReason.OUT_OF_STOCK.value), short.requested, said)
        return
    asked = sum(line.quantity for line in lines if line.sku == refusal.sku)
    if isinstance(refusal, HoldLimitReached):
        said, reason = Said(available=refusal.remaining, next_release=refusal.retry_at), RefusalReason.HOLD_LIMIT
    else:
        said, reason = Said(most_units=refusal.most), RefusalReason.CART_LIMIT
    clerk.note((shop_id, refusal.sku, reason.value), asked, said)
