"""The locked rows in memory, and every change that a transaction is going to write.

Each request in turn reads and moves numbers here, under the lock; :mod:`.writes` then saves all of it at once. The book
keeps the formula: a number changes only together with its movement.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from reservations.engine.values import Reservation
from reservations.erp import Return, Sale
from reservations.models import MovementKind, Status

from .ids import new_id
from .transaction import Transaction


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

    @property
    def available(self) -> int:
        """Units that may be promised; negative in a shortfall."""
        return self.on_hand - self.reserved - self.in_flight


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
    max_units_per_line: int | None


@dataclass(slots=True)
class Book:
    """One shop's locked stock rows, at one moment of the database's clock (``now``, read under the lock).

    A further statement of the same transaction goes through ``transaction``.
    """

    transaction: Transaction
    shop_id: int
    now: datetime
    rules: Rules
    items: dict[int, ItemRow]
    # The dead holds of an item, oldest first; read only when somebody needs their units.
    dead_holds: Callable[[ItemRow], Iterable[ReservationRow]]
    by_sku: dict[str, ItemRow] = field(init=False)
    reservations: dict[UUID, ReservationRow] = field(default_factory=dict)
    in_cart: dict[tuple[UUID, int], ReservationRow] = field(default_factory=dict)
    fresh: dict[UUID, ReservationRow] = field(default_factory=dict)
    changed: dict[UUID, ReservationRow] = field(default_factory=dict)
    moved: dict[int, ItemRow] = field(default_factory=dict)
    movements: list[MovementRow] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    shortfalls: list[tuple[ItemRow, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.by_sku = {item.sku: item for item in self.items.values()}

    def know(self, row: ReservationRow) -> ReservationRow:
        """Take a reservation that was read under the lock into the book; a row that it has already stays as it is."""
        # The row in the book may have changed since; a fresh copy would forget that.
        row = self.reservations.setdefault(row.id, row)
        if row.cart_token is not None and row.status == Status.ACTIVE:
            self.in_cart[row.cart_token, row.item.id] = row
        return row

    def is_alive(self, row: ReservationRow) -> bool:
        """Whether the hold still lives. At exactly ``expires_at`` it is dead."""
        return row.status == Status.ACTIVE and self.now < row.expires_at

    def move(
        self,
        item: ItemRow,
        kind: MovementKind,
        *,
        on_hand: int = 0,
        reserved: int = 0,
        in_flight: int = 0,
        reservation_id: UUID | None = None,
        reference: str = "",
    ) -> None:
        """Change the numbers of `item` by these units, with the movement that says why."""
        item.on_hand += on_hand
        item.reserved += reserved
        item.in_flight += in_flight
        # The row's lock makes the ledger of one item a sequence without gaps; the audit and the proof rely on it.
        item.position += 1
        self.moved[item.id] = item
        self.movements.append(
            MovementRow(
                item.id,
                item.position,
                kind.value,
                (on_hand, reserved, in_flight),
                (item.on_hand, item.reserved, item.in_flight),
                reservation_id,
                reference,
            )
        )

    def hold(self, item: ItemRow, quantity: int, cart_token: UUID | None) -> ReservationRow:
        """Begin a hold of `quantity` units; the caller has checked that they are available."""
        row = self._begin(item, quantity, cart_token, Status.ACTIVE, self.now + self.rules.hold, "")
        self.move(item, MovementKind.RESERVED, reserved=quantity, reservation_id=row.id)
        return row

    def sell(self, item: ItemRow, quantity: int, cart_token: UUID | None, order_id: str) -> ReservationRow:
        """Sell `quantity` available units without a hold: the reservation is born confirmed."""
        row = self._begin(item, quantity, cart_token, Status.CONFIRMED, self.now, order_id)
        row.ended_at = self.now
        self.move(item, MovementKind.SOLD, in_flight=quantity, reservation_id=row.id, reference=order_id)
        self._record_sale(row)
        return row

    def _begin(
        self, item: ItemRow, quantity: int, cart_token: UUID | None, status: Status, expires_at: datetime, order_id: str
    ) -> ReservationRow:
        row = ReservationRow(
            new_id(), item, cart_token, quantity, 0, status.value, self.now, expires_at, None, order_id
        )
        self.fresh[row.id] = row
        return self.know(row)

    def set_quantity(self, row: ReservationRow, quantity: int) -> None:
        """Change how much a live hold holds; the caller has checked that any more is available."""
        delta = quantity - row.quantity
        if delta:
            row.quantity = quantity
            self._touch(row)
            self.move(row.item, MovementKind.CHANGED, reserved=delta, reservation_id=row.id)

    def set_expiry(self, row: ReservationRow, expires_at: datetime) -> None:
        """Let a live hold end at another time. No number changes, so the ledger gets no row from here."""
        row.expires_at = expires_at
        self._touch(row)

    def confirm(self, row: ReservationRow, order_id: str) -> None:
        """A live hold becomes a sale."""
        row.order_id = order_id
        self._end(row, Status.CONFIRMED)
        self.move(
            row.item,
            MovementKind.CONFIRMED,
            reserved=-row.quantity,
            in_flight=row.quantity,
            reservation_id=row.id,
            reference=order_id,
        )
        self._record_sale(row)

    def release(self, row: ReservationRow, reason: str = "") -> None:
        """A live hold gives its units back."""
        self._give_back(row, Status.RELEASED, MovementKind.RELEASED, reason)

    def expire(self, row: ReservationRow) -> None:
        """Write down that a hold is dead, and free its units. It ended when its time was over, not now."""
        self._give_back(row, Status.EXPIRED, MovementKind.EXPIRED, "")
        row.ended_at = row.expires_at

    def name_order(self, row: ReservationRow, order_id: str) -> None:
        """Name the order of a confirmed sale, if none is named yet."""
        if order_id and not row.order_id:
            row.order_id = order_id
            self._touch(row)

    def return_units(self, row: ReservationRow, quantity: int) -> None:
        """Count units of a sale as returned; the caller moves the stock's numbers, once for all sales of an order."""
        row.returned += quantity
        self._touch(row)

    def record_shortfall(self, item: ItemRow, order_id: str, quantity: int) -> None:
        """Record that the stock lacks `quantity` units of a paid order (0: no longer). The numbers stay."""
        self.shortfalls.append((item, order_id, quantity))
        self.move(item, MovementKind.SHORTFALL, reference=order_id)

    def reclaim(self, item: ItemRow, units: int) -> None:
        """Expire dead holds of `item`, oldest first, until `units` are available or none is left."""
        # No further than the buyer needs: writing a thousand dead holds down would keep the row locked for all others.
        if item.available >= units:
            return
        for row in self.dead_holds(item):
            known = self.know(row)
            if known.status == Status.ACTIVE and not self.is_alive(known):
                self.expire(known)
            if item.available >= units:
                return

    def _give_back(self, row: ReservationRow, status: Status, kind: MovementKind, reason: str) -> None:
        self._end(row, status)
        self.move(row.item, kind, reserved=-row.quantity, reservation_id=row.id, reference=reason)

    def _end(self, row: ReservationRow, status: Status) -> None:
        row.status = status.value
        row.ended_at = self.now
        self._touch(row)
        if row.cart_token is not None:
            self.in_cart.pop((row.cart_token, row.item.id), None)

    def _touch(self, row: ReservationRow) -> None:
        # A fresh row is inserted as it stands at the end; an UPDATE would find nothing.
        if row.id not in self.fresh:
            self.changed[row.id] = row

    def _record_sale(self, row: ReservationRow) -> None:
        self.sales.append(Sale(row.id, row.item.id, row.item.sku, row.quantity, row.order_id, self.now))
