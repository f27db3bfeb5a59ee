"""The locked rows in memory, and every change that a transaction is going to write.

An operation reads and moves numbers here, under the lock, one request after the other; :mod:`.writes` then saves all
of it at once. The book keeps the formula: a number changes only together with its ledger entry.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from reservations.engine.values import Hold
from reservations.erp import Return, Sale
from reservations.models import MovementKind, Status

from .ids import new_id
from .transaction import Transaction


@dataclass(slots=True)
class Item:
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
class Held:
    """A reservation of a locked stock row."""

    id: UUID
    item: Item
    cart_token: UUID | None
    quantity: int
    returned: int
    status: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    order_id: str

    def as_hold(self) -> Hold:
        """The reservation as it stands now."""
        return Hold(
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
class Entry:
    """A ledger row to be written."""

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
    items: dict[int, Item]
    # The dead holds of an item, oldest first, read when they are needed.
    dead_holds: Callable[[Item], Iterable[Held]]
    by_sku: dict[str, Item] = field(init=False)
    held: dict[UUID, Held] = field(default_factory=dict)
    in_cart: dict[tuple[UUID, int], Held] = field(default_factory=dict)
    fresh: dict[UUID, Held] = field(default_factory=dict)
    changed: dict[UUID, Held] = field(default_factory=dict)
    moved: dict[int, Item] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    shortfalls: list[tuple[Item, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.by_sku = {item.sku: item for item in self.items.values()}

    def know(self, held: Held) -> Held:
        """Take a reservation that was read under the lock into the book; one that is known already stays as it is."""
        held = self.held.setdefault(held.id, held)
        if held.cart_token is not None and held.status == Status.ACTIVE:
            self.in_cart[held.cart_token, held.item.id] = held
        return held

    def is_alive(self, held: Held) -> bool:
        """Whether the hold still stands. At exactly ``expires_at`` it is dead."""
        return held.status == Status.ACTIVE and self.now < held.expires_at

    def move(
        self,
        item: Item,
        kind: MovementKind,
        *,
        on_hand: int = 0,
        reserved: int = 0,
        in_flight: int = 0,
        reservation_id: UUID | None = None,
        reference: str = "",
    ) -> None:
        """Change the numbers of `item` by these units, with the ledger entry that says why."""
        item.on_hand += on_hand
        item.reserved += reserved
        item.in_flight += in_flight
        item.position += 1
        self.moved[item.id] = item
        self.entries.append(
            Entry(
                item.id,
                item.position,
                kind.value,
                (on_hand, reserved, in_flight),
                (item.on_hand, item.reserved, item.in_flight),
                reservation_id,
                reference,
            )
        )

    def hold(self, item: Item, quantity: int, cart_token: UUID | None) -> Held:
        """Begin a hold of `quantity` units, which must be available."""
        held = self._begin(item, quantity, cart_token, Status.ACTIVE, self.now + self.rules.hold, "")
        self.move(item, MovementKind.RESERVED, reserved=quantity, reservation_id=held.id)
        return held

    def sell(self, item: Item, quantity: int, cart_token: UUID | None, order_id: str) -> Held:
        """Sell `quantity` available units that nobody held: a reservation that is born confirmed."""
        held = self._begin(item, quantity, cart_token, Status.CONFIRMED, self.now, order_id)
        held.ended_at = self.now
        self.move(item, MovementKind.SOLD, in_flight=quantity, reservation_id=held.id, reference=order_id)
        self._record_sale(held)
        return held

    def _begin(
        self, item: Item, quantity: int, cart_token: UUID | None, status: Status, expires_at: datetime, order_id: str
    ) -> Held:
        held = Held(new_id(), item, cart_token, quantity, 0, status.value, self.now, expires_at, None, order_id)
        self.fresh[held.id] = held
        return self.know(held)

    def set_quantity(self, held: Held, quantity: int) -> None:
        """Change how much a live hold holds; more must be available."""
        delta = quantity - held.quantity
        if delta:
            held.quantity = quantity
            self._touch(held)
            self.move(held.item, MovementKind.CHANGED, reserved=delta, reservation_id=held.id)

    def set_expiry(self, held: Held, expires_at: datetime) -> None:
        """Move the clock of a live hold."""
        held.expires_at = expires_at
        self._touch(held)

    def confirm(self, held: Held, order_id: str) -> None:
        """A live hold becomes a sale."""
        held.order_id = order_id
        self._end(held, Status.CONFIRMED)
        self.move(
            held.item,
            MovementKind.CONFIRMED,
            reserved=-held.quantity,
            in_flight=held.quantity,
            reservation_id=held.id,
            reference=order_id,
        )
        self._record_sale(held)

    def release(self, held: Held, reason: str = "") -> None:
        """A live hold gives its units back."""
        self._give_back(held, Status.RELEASED, MovementKind.RELEASED, reason)

    def expire(self, held: Held) -> None:
        """Write down that a hold is dead; its units are free. It ended when its time was over, not now."""
        self._give_back(held, Status.EXPIRED, MovementKind.EXPIRED, "")
        held.ended_at = held.expires_at

    def name_order(self, held: Held, order_id: str) -> None:
        """Tell a confirmed sale which order it belongs to, once."""
        if order_id and not held.order_id:
            held.order_id = order_id
            self._touch(held)

    def take_back(self, held: Held, quantity: int) -> None:
        """Count units of a sale as returned; the caller moves the stock's numbers."""
        held.returned += quantity
        self._touch(held)

    def fall_short(self, item: Item, order_id: str, quantity: int) -> None:
        """Record that `quantity` units of a paid order do not exist (0: they do by now). The numbers stay."""
        self.shortfalls.append((item, order_id, quantity))
        self.move(item, MovementKind.SHORTFALL, reference=order_id)

    def reclaim(self, item: Item, units: int) -> None:
        """Expire dead holds of `item`, oldest first, until `units` are available or none is left."""
        if item.available >= units:
            return
        for held in self.dead_holds(item):
            known = self.know(held)
            if known.status == Status.ACTIVE and not self.is_alive(known):
                self.expire(known)
            if item.available >= units:
                return

    def _give_back(self, held: Held, status: Status, kind: MovementKind, reason: str) -> None:
        self._end(held, status)
        self.move(held.item, kind, reserved=-held.quantity, reservation_id=held.id, reference=reason)

    def _end(self, held: Held, status: Status) -> None:
        held.status = status.value
        held.ended_at = self.now
        self._touch(held)
        if held.cart_token is not None:
            self.in_cart.pop((held.cart_token, held.item.id), None)

    def _touch(self, held: Held) -> None:
        if held.id not in self.fresh:
            self.changed[held.id] = held

    def _record_sale(self, held: Held) -> None:
        self.sales.append(Sale(held.id, held.item.id, held.item.sku, held.quantity, held.order_id, self.now))
