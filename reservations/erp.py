"""The port: what the stock tells an ERP, and what it asks it.

``settings.ERP_BACKEND`` names the class that listens. Its methods run inside the transaction of the change, while the
stock row is locked: they read and write the database through the handle that they get, and touch nothing else. What
must leave this machine they write down as an outbox row, to be sent after COMMIT.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Sale:
    """Units that were sold: a reservation that has just been confirmed.

    The ERP must not hear of one with ``is_told`` False, the sale of a test order, and so no count will ever show it.
    """

    reservation_id: UUID
    stock_item_id: int
    sku: str
    quantity: int
    order_id: str
    at: datetime
    is_told: bool = True


@dataclass(frozen=True, slots=True)
class Return:
    """Units of an order that came back. ``reference`` is unique per stock item."""

    reservation_id: UUID
    stock_item_id: int
    sku: str
    quantity: int
    order_id: str
    reference: str
    at: datetime


class InFlight(NamedTuple):
    """Net units sold that a count does not show, so far as is known.

    `in_doubt` of them it may show already, and then they are hidden from buyers; it is decided by `until` (None: nobody
    knows when).
    """

    units: int
    in_doubt: int = 0
    until: datetime | None = None


Parameters = Sequence[Any] | Mapping[str, Any]


class Transaction(Protocol):
    """The open transaction."""

    def queue(self, sql: str, parameters: Parameters = ()) -> object:
        """Send a statement without waiting for it."""

    def fetch(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """Send a statement and wait for its rows."""


class Erp(Protocol):
    """What listens to the stock of every shop."""

    def moved(self, tx: Transaction, shop_id: int, sales: Sequence[Sale], returns: Sequence[Return]) -> None:
        """Write down what the ERP must learn, in the transaction of the change."""

    def in_flight(self, tx: Transaction, shop_id: int, stock_item_id: int, read_started_at: datetime) -> InFlight:
        """The units that a count whose read started at `read_started_at` does not show. The item's row is locked."""

    def committed(self, shop_id: int) -> None:
        """Nudge: what was written down for this shop is now committed. The call may get lost."""

    def counted(self, shop_id: int, sku: str, quantity: int) -> str:
        """Called before a person's count is written; returns a sentence that they should read, or ""."""


# Times rise with positions, so walking back from the ledger's end, the first row at or before the time bounds the sum.
# Counts are left out: they move `in_flight` too, but sell nothing.
_SOLD_SINCE = """
SELECT coalesce(sum(in_flight_delta), 0)
FROM reservations_stockmovement
WHERE shop_id = %s AND stock_item_id = %s AND kind <> 'count' AND position > coalesce((
    SELECT position FROM reservations_stockmovement
    WHERE shop_id = %s AND stock_item_id = %s AND at <= %s
    ORDER BY position DESC LIMIT 1
), 0)
"""


class NoErp:
    """A shop without an ERP: a count shows everything that was sold before it began."""

    def moved(self, tx: Transaction, shop_id: int, sales: Sequence[Sale], returns: Sequence[Return]) -> None:
        """Do nothing: nobody has to learn anything."""

    def in_flight(self, tx: Transaction, shop_id: int, stock_item_id: int, read_started_at: datetime) -> InFlight:
        """The net units sold since the count began."""
        return InFlight(sold_since(tx, shop_id, stock_item_id, read_started_at))

    def committed(self, shop_id: int) -> None:
        """Do nothing: nobody waits for a nudge."""

    def counted(self, shop_id: int, sku: str, quantity: int) -> str:
        """Return "": nobody else keeps the books."""
        return ""


def sold_since(tx: Transaction, shop_id: int, stock_item_id: int, since: datetime) -> int:
    """Net units sold after `since`, from the ledger. It walks back from the ledger's end, so recent times are cheap."""
    rows = tx.fetch(_SOLD_SINCE, (shop_id, stock_item_id, shop_id, stock_item_id, since))
    return int(rows[0][0])


@lru_cache
def backend(path: str = "") -> Erp:
    """The ERP that ``settings.ERP_BACKEND`` names."""
    chosen: Erp = import_string(path or settings.ERP_BACKEND)()
    return chosen
