"""A line of the list of unmet demand, of whichever kind."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

SHOWN = 50
UNMET_SHOWN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Unmet:
    """Units of a SKU that somebody asked for and did not get; ``item_id`` leads to the SKU's page.

    Either a cart asked, which may hold some of them now (``held``), or nobody knows the cart and only the number of
    ``attempts`` is kept. ``key`` tells the line from the others while the page shows it.
    """

    key: str
    sku: str
    item_id: int | None
    asked: int
    at: datetime
    why: str
    cart_token: UUID | None = None
    held: int | None = None
    attempts: int | None = None
