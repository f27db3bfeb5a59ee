"""What a book knows of shoppers: their living holds by key, how much the anonymous hold together, what ended unpaid."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from reservations.models import Status

from .holder import Holder, cart_key
from .rows import ReservationRow

# What somebody held and did not pay longer ago than this means nothing any more.
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Unpaid:
    """What somebody held of one SKU and did not pay: how long in all, the units that ended last, and when."""

    held: timedelta
    units: int
    ended_at: datetime

    def plus(self, other: "Unpaid") -> "Unpaid":
        """Both together; a forgotten one adds nothing."""
        older, newer = sorted((self, other), key=lambda known: known.ended_at)
        if older.ended_at + FORGOTTEN_AFTER <= newer.ended_at:
            return newer
        return Unpaid(older.held + newer.held, older.units + newer.units, newer.ended_at)


@dataclass(slots=True)
class Holders:
    """The shoppers of one book. The rows of a key are whole only where the transaction has read them."""

    shop_id: int
    _by_key: dict[int, dict[UUID, ReservationRow]] = field(default_factory=dict)
    unpaid: dict[int, Unpaid] = field(default_factory=dict)
    # What this transaction adds to the table, and the keys that a payment takes out of it.
    ended: dict[int, Unpaid] = field(default_factory=dict)
    paid: set[int] = field(default_factory=set)
    # When the next unit of an item may come free, where somebody has asked.
    next_release: dict[int, datetime | None] = field(default_factory=dict)
    # Living holds that got another holder than they were read with.
    changed: dict[UUID, ReservationRow] = field(default_factory=dict)

    def know(self, row: ReservationRow) -> None:
        """Find this row by its keys from now on."""
        for key in (row.customer_key, row.address_key):
            if key is not None:
                self._by_key.setdefault(key, {})[row.id] = row

    def living(self, key: int | None) -> list[ReservationRow]:
        """The active holds of a customer or an address, dead or alive; not those that an order took over."""
        rows = self._by_key.get(key, {}) if key is not None else {}
        return [row for row in rows.values() if row.status == Status.ACTIVE and not row.order_id]

    def learn(self, rows: Iterable[tuple[int, float, int, datetime]]) -> None:
        """Take what the table has of some keys."""
        for key, seconds, units, ended_at in rows:
            if key not in self.unpaid:
                self.unpaid[key] = Unpaid(timedelta(seconds=seconds), units, ended_at)

    def count(self, row: ReservationRow, units: int) -> None:
        """Note that an anonymous hold has so many units more, or fewer."""
        if row.is_anonymous:
            row.item.anonymous = max(0, row.item.anonymous + units)

    def name(self, row: ReservationRow, holder: Holder) -> None:
        """Let a living hold count for this shopper, too."""
        holder = holder.beside(row.holder)
        keys = (holder.held_by, holder.customer_key, holder.address_key)
        if keys == (row.held_by, row.customer_key, row.address_key):
            return
        self.count(row, -row.quantity)
        row.held_by, row.customer_key, row.address_key = keys
        self.count(row, row.quantity)
        self.know(row)
        self.changed[row.id] = row

    def end(self, row: ReservationRow, at: datetime, *, paid: bool) -> None:
        """Remember a shopper's hold that ends without a payment, or forget those that ended so before."""
        if not row.held_by or row.order_id:
            return
        person = row.customer_key or cart_key(self.shop_id, row.item.sku, row.cart_token)
        for key in (person, row.address_key):
            if key is None:
                continue
            if paid:
                self.paid.add(key)
                self.unpaid.pop(key, None)
                self.ended.pop(key, None)
            else:
                more = Unpaid(max(timedelta(0), at - row.created_at), row.quantity, at)
                self.unpaid[key] = self.unpaid[key].plus(more) if key in self.unpaid else more
                self.ended[key] = self.ended[key].plus(more) if key in self.ended else more

    def leave(self, row: ReservationRow) -> None:
        """A hold ends, or an order takes it over: it counts for nobody from now on."""
        self.count(row, -row.quantity)
        row.customer_key = row.address_key = None
