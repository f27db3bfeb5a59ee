"""A line of the list of refusals, of whichever kind."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

SHOWN = 50
REFUSALS_SHOWN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Refused:
    """Units of a SKU that were asked for and not had; ``item_id`` leads to the SKU's page.

    Either of a cart, which may hold some of them now (``held``), or of so many attempts (``attempts``), of which no
    cart is known. ``key`` names the line among the others for as long as it is shown.
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
