"""The rows of a transaction in memory: what it locked and read, and what it is going to write."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from reservations.engine.values import Reservation
from reservations.models import HeldBy, Limits, ShortfallCause

from .holder import Holder

_SHOP, _ANONYMOUS = HeldBy.SHOP.value, HeldBy.ANONYMOUS.value


@dataclass(slots=True)
class ItemRow:
    """A locked stock row."""

    id: int
    sku: str
    on_hand: int
    reserved: int
    in_flight: int
    position: int
    counted_at: datetime | None
    # Units that paid orders lack and get before anybody else; 0 for nearly every item.
    owed: int
    in_doubt: int = 0
    doubt_until: datetime | None = None
    sells_without_stock: bool = False
    # Part of what is reserved: by shoppers without a customer number.
    anonymous: int = 0

    @property
    def available(self) -> int:
        """Units that may be promised; negative in a shortfall, and where the item sells without stock."""
        return self.on_hand - self.reserved - self.in_flight

    @property
    def why_none_is_free(self) -> ShortfallCause:
        """Where the units are while an order's payment finds none free."""
        # Units in doubt may be there: they prove nothing against the count.
        if self.available + self.in_doubt < 0:
            return ShortfallCause.COUNTED_LOW
        return ShortfallCause.HELD if self.reserved else ShortfallCause.SOLD_OUT

    def sellable(self, units: int, *, keep: int = 0) -> int:
        """How many of `units` may be sold now, beside `keep` that are another's already."""
        # Where a count came in below what is promised, `available` is less than zero.
        return units if self.sells_without_stock else max(0, min(units, self.available - keep))


@dataclass(slots=True)
class ReservationRow:
    """A reservation of a locked stock row."""

    id: UUID
    item: ItemRow
    cart_token: UUID | None
    quantity: int
    returned: int
    status: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    order_id: str
    # Its sale was before the first count and moved nothing; only its return does.
    sold_before: bool = False
    held_by: str = _SHOP
    # Until the hold ends, or an order takes it over.
    customer_key: int | None = None
    address_key: int | None = None

    @property
    def holder(self) -> Holder:
        """Whose the hold is, as far as its row says."""
        return Holder(self.held_by, self.customer_key, self.address_key)

    @property
    def is_anonymous(self) -> bool:
        """Whether its units count among those that shoppers without a customer number hold."""
        return self.held_by == _ANONYMOUS and not self.order_id

    def as_reservation(self) -> Reservation:
        """The reservation as it stands now."""
        return Reservation(
            self.id,
            self.item.sku,
            self.quantity,
            self.status,
            self.created_at,
            self.expires_at,
            self.ended_at,
            self.order_id,
            self.cart_token,
        )


@dataclass(slots=True)
class ShortfallRow:
    """Units of a locked item that a paid order lacks. ``kept_out_by`` names who keeps them from it, or nobody ("")."""

    item: ItemRow
    order_id: str
    units: int
    is_resolved: bool
    kept_out_by: str
    paid_at: datetime
    cause: str

    @property
    def withheld(self) -> int:
        """Units that it does not get by itself: a person resolved them with the buyer, or keeps the order out."""
        return self.units if self.is_resolved or self.kept_out_by else 0

    @property
    def owed(self) -> int:
        """Units that it gets as soon as they are free."""
        return self.units - self.withheld

    @property
    def turn(self) -> tuple[datetime, str]:
        """Its place among those who wait: the oldest payment first, the order's id where two share their time."""
        return self.paid_at, self.order_id


@dataclass(frozen=True, slots=True)
class MovementRow:
    """A ledger row that the transaction will write."""

    item_id: int
    position: int
    kind: str
    deltas: tuple[int, int, int]
    balances: tuple[int, int, int]
    reservation_id: UUID | None
    reference: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What the merchant decided about holds."""

    hold: timedelta
    ceiling: timedelta
    limits: Limits
    # Whether paid orders that lack units get the next free ones.
    rescues: bool
