"""How many buyers were turned away, of which SKU and why: counted in memory, written a moment later.

A buyer who is refused waits for nothing of this: a refusal is one more in a dictionary (:mod:`.tally`). A thread of the
process (:mod:`.clerk`) adds what was counted to one row per SKU, reason and minute every two seconds, and a last time
when the process ends (:mod:`.counts_table`). A killed process, a database that stays away beyond the
dictionary's bound, and a connection lost at COMMIT make the figures approximate; the stock's own never depend on them.
"""

from collections.abc import Sequence
from multiprocessing.util import Finalize

from reservations.engine import CartLimitExceeded, Line, OutOfStock
from reservations.models import RefusalReason

from .clerk import Clerk
from .tally import Said

__all__ = ["Said", "clerk", "count"]

clerk = Clerk()
# Granian's workers are forked by multiprocessing, which before Python 3.13 runs no `atexit` in them, and always this.
Finalize(None, clerk.end, exitpriority=0)


def count(shop_id: int, lines: Sequence[Line], refusal: OutOfStock | CartLimitExceeded) -> None:
    """Remember that a reserve of these `lines` was refused: once for each SKU that stood in the way.

    Waits for no database, never raises, and is written down by `clerk` soon.
    """
    if isinstance(refusal, OutOfStock):
        for short in refusal.lines:
            said = Said(available=short.available, next_release=short.retry_at)
            clerk.note((shop_id, short.sku, RefusalReason.OUT_OF_STOCK.value), short.requested, said)
    else:
        asked = sum(line.quantity for line in lines if line.sku == refusal.sku)
        said = Said(most_units=refusal.most)
        clerk.note((shop_id, refusal.sku, RefusalReason.CART_LIMIT.value), asked, said)
