"""The model's reservation, and how the model refuses."""

from collections.abc import Iterable
from dataclasses import dataclass

# Whatever the verb, an expired reservation is named before a released one, and that before a confirmed one.
PRECEDENCE = ("expired", "released", "confirmed")


class Refused(Exception):
    """A refusal with this `code`, because of these SKUs or reservations."""

    def __init__(self, code: str, *about: object) -> None:
        super().__init__(code, *about)
        self.code, self.about = code, set(about)


@dataclass(eq=False)
class Reservation:
    """A reservation; times in the model's seconds."""

    sku: str
    quantity: int
    cart: str | None
    created: float
    expires: float
    end: str = ""
    order: str = ""
    # Of a shopper in the storefront: its customer number and its address, and when it gave the hold back.
    who: tuple[str, str] | None = None
    gave_back: float | None = None

    def alive(self, now: float) -> bool:
        """Whether it still keeps its units for its buyer."""
        return not self.end and now < self.expires

    def unpaid_at(self, now: float) -> float | None:
        """When a shopper's hold ended without a payment, if it did."""
        if self.who is None or self.order:
            return None
        expired = not self.end and self.expires <= now
        return self.expires if expired else self.gave_back

    def status(self, now: float) -> str:
        """Its state as a reader sees it: a hold whose time is over has expired, written down or not."""
        return self.end or ("active" if now < self.expires else "expired")


def refuse_ended(holds: Iterable[Reservation], now: float, *ends: str) -> None:
    """Raise Refused for the first of these ends that stands in the way, naming each reservation that came to any."""
    in_the_way = [held for held in holds if held.status(now) in ends]
    for end in PRECEDENCE:
        if any(held.status(now) == end for held in in_the_way):
            raise Refused(f"reservation_{end}", *in_the_way)


def refuse_of_orders(holds: Iterable[Reservation], now: float) -> None:
    """Raise Refused for what an unpaid order holds: no shopper gives it back or extends it."""
    of_orders = [held for held in holds if held.order and held.alive(now)]
    if of_orders:
        raise Refused("reservation_of_order", *of_orders)
