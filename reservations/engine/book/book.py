"""The locked rows in memory, and every change that a transaction is going to write.

Each request in turn reads and moves numbers here, under the lock; :mod:`.writes` then saves all of it at once. The book
keeps the formula: a number changes only together with its movement.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from reservations.erp import Return, Sale
from reservations.models import MovementKind, Status

from .holder import OF_SHOP, Holder
from .holders import Holders
from .ids import new_id
from .rows import ItemRow, MovementRow, ReservationRow, Rules, ShortfallRow
from .transaction import Transaction

# The column's size, in the ledger.
LONGEST_REFERENCE = 255
# Stands for a person in `kept_out_by`.
REOPENED = "reopened"


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
    # The first so many shortfalls of an item that get free units, in turn; read only when there are such units.
    in_turn: Callable[[ItemRow, int], Iterable[ShortfallRow]]
    by_sku: dict[str, ItemRow] = field(init=False)
    reservations: dict[UUID, ReservationRow] = field(default_factory=dict)
    in_cart: dict[tuple[UUID, int], ReservationRow] = field(default_factory=dict)
    fresh: dict[UUID, ReservationRow] = field(default_factory=dict)
    changed: dict[UUID, ReservationRow] = field(default_factory=dict)
    moved: dict[int, ItemRow] = field(default_factory=dict)
    movements: list[MovementRow] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    untold: set[str] = field(default_factory=set)  # orders of whose sales the ERP does not hear
    shortfalls: dict[tuple[int, str], ShortfallRow] = field(default_factory=dict)
    changed_shortfalls: dict[tuple[int, str], ShortfallRow] = field(default_factory=dict)
    # The items of which more or fewer units are owed than before.
    owing: dict[int, ItemRow] = field(default_factory=dict)
    # Made when the first shopper comes: a sale of the shop's own servers has none.
    known_holders: Holders | None = None

    def __post_init__(self) -> None:
        self.by_sku = {item.sku: item for item in self.items.values()}

    @property
    def holders(self) -> Holders:
        """What the book knows of shoppers."""
        if self.known_holders is None:
            self.known_holders = Holders(self.shop_id)
        return self.known_holders

    def know(self, row: ReservationRow) -> ReservationRow:
        """Take a reservation that was read under the lock into the book; a row that it has already stays as it is."""
        # The row in the book may have changed since; a fresh copy would forget that.
        row = self.reservations.setdefault(row.id, row)
        if row.held_by:
            self.holders.know(row)
        if row.cart_token is not None and row.status == Status.ACTIVE and not row.order_id:
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

    def hold(
        self,
        item: ItemRow,
        quantity: int,
        cart_token: UUID | None,
        until: datetime | None = None,
        order_id: str = "",
        holder: Holder = OF_SHOP,
    ) -> ReservationRow:
        """Begin a hold of `quantity` available units: for a cart, or for an unpaid order `until` its payment is due."""
        until = until or self.now + self.rules.hold
        row = self._begin(item, quantity, cart_token, Status.ACTIVE, until, order_id, holder)
        if row.held_by:
            self.holders.count(row, quantity)
        self.move(item, MovementKind.RESERVED, reserved=quantity, reservation_id=row.id, reference=order_id)
        return row

    def hand_to_order(self, row: ReservationRow, order_id: str, until: datetime) -> None:
        """Let an unpaid order take a cart's live hold over: the cart may hold anew, and the row still names it."""
        self._leave_cart(row)
        self.holders.leave(row)
        row.order_id = order_id
        self.set_expiry(row, until)
        self.move(row.item, MovementKind.EXTENDED, reservation_id=row.id, reference=order_id)

    def sell(self, item: ItemRow, quantity: int, cart_token: UUID | None, order_id: str) -> ReservationRow:
        """Sell `quantity` available units without a hold: the reservation is born confirmed."""
        return self._sell(item, quantity, cart_token, order_id, MovementKind.SOLD, order_id)

    def rescue(self, row: ShortfallRow, quantity: int, *, by: str = "") -> None:
        """Sell `quantity` available units to a paid order that lacks them; `by` names the person who said so."""
        reference = f"{row.order_id}: {by}" if by else row.order_id
        self._sell(row.item, quantity, None, row.order_id, MovementKind.RESCUED, reference[:LONGEST_REFERENCE])
        self._lack(row, row.units - quantity)

    def _sell(
        self, item: ItemRow, quantity: int, cart_token: UUID | None, order_id: str, kind: MovementKind, reference: str
    ) -> ReservationRow:
        row = self._begin(item, quantity, cart_token, Status.CONFIRMED, self.now, order_id)
        row.ended_at = self.now
        self.move(item, kind, in_flight=quantity, reservation_id=row.id, reference=reference)
        self._record_sale(row)
        return row

    def _begin(
        self,
        item: ItemRow,
        quantity: int,
        cart_token: UUID | None,
        status: Status,
        expires_at: datetime,
        order_id: str,
        holder: Holder = OF_SHOP,
    ) -> ReservationRow:
        row = ReservationRow(
            new_id(), item, cart_token, quantity, 0, status.value, self.now, expires_at, None, order_id
        )
        if holder is not OF_SHOP:
            row.held_by, row.customer_key, row.address_key = holder.held_by, holder.customer_key, holder.address_key
        self.fresh[row.id] = row
        return self.know(row)

    def set_quantity(self, row: ReservationRow, quantity: int, reason: str = "") -> None:
        """Change how much a live hold holds; the caller has checked that any more is available."""
        if delta := quantity - row.quantity:
            row.quantity = quantity
            if row.held_by:
                self.holders.count(row, delta)
            self._touch(row)
            self.move(row.item, MovementKind.CHANGED, reserved=delta, reservation_id=row.id, reference=reason)

    def set_expiry(self, row: ReservationRow, expires_at: datetime) -> None:
        """Let a live hold end at another time. No number changes, so the ledger gets no row from here."""
        row.expires_at = expires_at
        self._touch(row)

    def confirm(self, row: ReservationRow, order_id: str) -> None:
        """A live hold becomes a sale. That of an unpaid order keeps the order's own name."""
        if row.held_by:
            self.holders.end(row, self.now, paid=True)
        self._end(row, Status.CONFIRMED)
        order_id = row.order_id = row.order_id or order_id
        self.move(
            row.item,
            MovementKind.CONFIRMED,
            reserved=-row.quantity,
            in_flight=row.quantity,
            reservation_id=row.id,
            reference=order_id,
        )
        self._record_sale(row)

    def release(self, row: ReservationRow, reason: str = "", *, unpaid: bool = False) -> None:
        """A live hold gives its units back; `unpaid` where its shopper did that, who had them for nothing."""
        if unpaid:
            self.holders.end(row, self.now, paid=False)
        self._give_back(row, Status.RELEASED, MovementKind.RELEASED, reason)

    def expire(self, row: ReservationRow) -> None:
        """Write down that a hold is dead, and free its units. It ended when its time was over, not now."""
        self.holders.end(row, row.expires_at, paid=False)
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

    def know_shortfall(self, row: ShortfallRow) -> ShortfallRow:
        """Take a shortfall that was read under the lock into the book; one that it has already stays as it is."""
        return self.shortfalls.setdefault((row.item.id, row.order_id), row)

    def record_shortfall(self, row: ShortfallRow, units: int) -> None:
        """Record that a paid order lacks `units` units now (0: none any more). The item's three numbers stay."""
        if not row.units:
            row.cause = row.item.why_none_is_free.value
        self._lack(self.know_shortfall(row), units)
        self.move(row.item, MovementKind.SHORTFALL, reference=row.order_id)

    def resolve(self, row: ShortfallRow) -> None:
        """A person has agreed with the buyer: these units are owed no more. The caller writes who and how."""
        if self.rules.rescues:
            self.owe(row.item, max(0, row.item.owed - row.owed))
        row.is_resolved = True

    def keep_out(self, row: ShortfallRow, by: str) -> None:
        """Keep units from a shortfall, as `by` wants it; with "" it gets the next free ones again."""
        before, row.kept_out_by = row.owed, by
        self._note_shortfall(row, before)

    def owe(self, item: ItemRow, units: int) -> None:
        """Note how many units of `item` its shortfalls get as soon as they are free."""
        if units != item.owed:
            item.owed = units
            self.owing[item.id] = item

    def _lack(self, row: ShortfallRow, units: int) -> None:
        before = row.owed
        if row.is_resolved and units > row.units:
            # Nobody has decided about the further units, so it opens again. But a person resolved a part of it, so a
            # person says what the buyer still gets.
            row.is_resolved, row.kept_out_by = False, REOPENED
        row.units = units
        self._note_shortfall(row, before)

    def _note_shortfall(self, row: ShortfallRow, owed_before: int) -> None:
        self.changed_shortfalls[row.item.id, row.order_id] = row
        if self.rules.rescues:
            # Not below zero: a release that knows nothing of `owed` may have written the shortfall.
            self.owe(row.item, max(0, row.item.owed + row.owed - owed_before))

    def _give_back(self, row: ReservationRow, status: Status, kind: MovementKind, reason: str) -> None:
        self._end(row, status)
        self.move(row.item, kind, reserved=-row.quantity, reservation_id=row.id, reference=reason)

    def _end(self, row: ReservationRow, status: Status) -> None:
        if row.held_by:
            self.holders.leave(row)
        row.status = status.value
        row.ended_at = self.now
        self._touch(row)
        self._leave_cart(row)

    def _leave_cart(self, row: ReservationRow) -> None:
        if row.cart_token is not None and self.in_cart.get((row.cart_token, row.item.id)) is row:
            del self.in_cart[row.cart_token, row.item.id]

    def _touch(self, row: ReservationRow) -> None:
        if row.id not in self.fresh:
            self.changed[row.id] = row

    def _record_sale(self, row: ReservationRow) -> None:
        self.sales.append(Sale(row.id, row.item.id, row.item.sku, row.quantity, row.order_id, self.now))
