"""The rules of the stock in plain Python: one shop, one caller at a time, and a clock that is a number of seconds.

Written from the rules, not from the engine: no rows, no locks, no counters. It counts what is free anew each time,
and a hold is dead when the clock says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .budgets import Budgets, Key, Who, both, keys_of, room
from .rules import Refused, Reservation, refuse_ended, refuse_of_orders

Lines = Sequence[tuple[str, int]]
# Ids of reservations (None: one that never existed), or a cart.
Target = Sequence[Reservation | None] | str


def summed(lines: Lines) -> dict[str, int]:
    """The units of each SKU, in the order of its first line."""
    totals: dict[str, int] = {}
    for sku, units in lines:
        totals[sku] = totals.get(sku, 0) + units
    return totals


@dataclass
class Shop:
    """Everything that a shop knows."""

    hold_seconds: float
    ceiling_seconds: float
    max_units: int
    now: float = 0.0
    # The last count of each SKU: units, and when that read started.
    counted: dict[str, tuple[int, float]] = field(default_factory=dict)
    holds: list[Reservation] = field(default_factory=list)
    # When, which SKU, and how many units were sold; returned units are negative.
    sales: list[tuple[float, str, int]] = field(default_factory=list)
    # Units that an order is short of a SKU; a shortfall that ended stays here as 0.
    shortfalls: dict[tuple[str, str], int] = field(default_factory=dict)
    resolved: set[tuple[str, str]] = field(default_factory=set)
    # Units returned, by order and SKU.
    kept_out: set[tuple[str, str]] = field(default_factory=set)
    # When each order was paid, and whether those that lack units get the next free ones.
    paid: dict[str, float] = field(default_factory=dict)
    rescues: bool = True
    # Units of an order and SKU that came back.
    returned: dict[tuple[str, str], int] = field(default_factory=dict)
    budgets: Budgets = field(default_factory=lambda: Budgets((9, 9), (9, 9), 100, 0))
    # Until when a payment has made up for what ended unpaid, by name.
    paid_up: dict[Key, float] = field(default_factory=dict)

    def reserved(self, sku: str) -> int:
        return sum(held.quantity for held in self.holds if held.sku == sku and held.alive(self.now))

    def in_flight(self, sku: str) -> int:
        return sum(units for at, of, units in self.sales if of == sku and at > self.counted[sku][1])

    def available(self, sku: str) -> int:
        return self.counted[sku][0] - self.reserved(sku) - self.in_flight(sku)

    def waiting(self, sku: str) -> dict[str, int]:
        """The orders that get the next free units of a SKU, in turn, each with the units that it lacks."""
        lacking = {
            order: units
            for (order, of), units in self.shortfalls.items()
            if of == sku and units and not {(order, of)} & (self.resolved | self.kept_out)
        }
        return {order: lacking[order] for order in sorted(lacking, key=lambda order: self.paid[order])}

    def due(self, sku: str) -> int:
        """Units that are free and that paid orders get before anybody else."""
        return min(sum(self.waiting(sku).values()), max(0, self.available(sku))) if self.rescues else 0

    def serve(self, skus: Iterable[str]) -> None:
        """Give what is free of these SKUs to those who wait."""
        for sku in skus:
            for order, lacks in self.waiting(sku).items() if sku in self.counted else ():
                units = min(lacks, self.due(sku))
                if units:
                    self.shortfalls[order, sku] -= units
                    sale = Reservation(sku, units, None, self.now, self.now, order=order)
                    self.holds.append(sale)
                    self.sell_hold(sale)

    def count(self, sku: str, units: int, read_started_at: float) -> bool:
        """Apply a count, unless a newer one is known."""
        if sku in self.counted and read_started_at <= self.counted[sku][1]:
            return False
        self.counted[sku] = units, read_started_at
        return True

    def reserve(self, lines: Lines, cart: str | None, who: Who | None = None) -> list[Reservation]:
        """Hold every line or none; a cart that holds the SKU already gets the quantity as asked, not added.

        The shop's own server is nobody (None); a shopper has a budget.
        """
        totals = summed(lines)
        self.know(totals)
        for sku, units in totals.items():
            if units > self.max_units:
                raise Refused("cart_limit_exceeded", sku)
        own = {sku: self.live_hold(sku, cart) for sku in totals}
        more = {sku: units - sum(held.quantity for held in own[sku]) for sku, units in totals.items()}
        short = [sku for sku, units in more.items() if units > 0 and units > self.available(sku)]
        if short:
            raise Refused("out_of_stock", *short)
        if who is not None:
            self._within_budgets({sku: totals[sku] for sku in totals if more[sku] > 0}, cart, who, own)
        return [self._set(sku, units, cart, own[sku], who) for sku, units in totals.items()]

    def confirm(self, target: Target, order: str) -> list[Reservation]:
        """Turn holds into sales; what a cart gave back does not keep the rest from being sold."""
        found = self._find(target)
        if isinstance(target, str):
            found = [held for held in found if held.end != "released"] or found
        refuse_ended(found, self.now, "expired", "released")
        for held in found:
            if not held.end:
                self.pay(held)
                self.sell_hold(held)
            held.order = held.order or order
        return found

    def release(self, target: Target) -> list[Reservation]:
        """Give holds back; of a cart, those that are still alive."""
        found = self._find(target)
        if isinstance(target, str):
            alive = [held for held in found if held.alive(self.now) and not held.order]
            found = alive or [held for held in found if held.end == "released"] or found
        refuse_ended(found, self.now, "expired", "confirmed")
        refuse_of_orders(found, self.now)
        for held in found:
            if not held.end:
                held.gave_back = self.now
            held.end = "released"
        return found

    def extend(self, target: Target) -> list[Reservation]:
        """Give a full term from now, up to the ceiling; what a cart gave back or bought is no obstacle."""
        found = self._find(target)
        if isinstance(target, str):
            found = [held for held in found if not held.end and not held.order] or found
        refuse_ended(found, self.now, "expired", "released", "confirmed")
        refuse_of_orders(found, self.now)
        for held in found:
            until = min(self.now + self.hold_seconds, held.created + self.ceiling_seconds)
            held.expires = max(held.expires, until)
        return found

    def live_hold(self, sku: str, cart: str | None) -> list[Reservation]:
        """The cart's live hold of a SKU, if it has one; what its order holds is the order's."""
        own = [h for h in self.holds if cart and (h.cart, h.sku) == (cart, sku) and h.alive(self.now)]
        return [held for held in own if not held.order]

    def sell_hold(self, held: Reservation) -> None:
        held.end = "confirmed"
        self.sales.append((self.now, held.sku, held.quantity))

    def know(self, skus: dict[str, int]) -> None:
        for sku in skus:
            if sku not in self.counted:
                raise Refused("unknown_sku", sku)

    def pay(self, held: Reservation) -> None:
        """A payment makes up for what ended unpaid before it, of the same shopper."""
        if held.who is not None and not held.order:
            for key in keys_of(held.who, held.cart, held.sku):
                self.paid_up[key] = self.now

    def _within_budgets(
        self, wanted: dict[str, int], cart: str | None, who: Who, own: dict[str, list[Reservation]]
    ) -> None:
        for sku, units in wanted.items():
            most, budget = room(self, sku, who, cart, own[sku][0] if own[sku] else None)
            if units > most:
                left = max(0, most - sum(held.quantity for held in own[sku]))
                raise Refused("hold_limit_reached", sku, budget, left)

    def _set(self, sku: str, units: int, cart: str | None, own: list[Reservation], who: Who | None) -> Reservation:
        if own:
            if who is not None and units > own[0].quantity:
                own[0].who = both(who, own[0].who)
            own[0].quantity = units
            return own[0]
        held = Reservation(sku, units, cart, self.now, self.now + self.hold_seconds, who=who)
        self.holds.append(held)
        return held

    def _find(self, target: Target) -> list[Reservation]:
        if isinstance(target, str):
            newest = {held.sku: held for held in self.holds if held.cart == target}
            if not newest:
                raise Refused("unknown_reservation")
            return list(newest.values())
        found = list(dict.fromkeys(target))
        if None in found:
            raise Refused("unknown_reservation")
        return [held for held in found if held]
