"""What shoppers may hold unpaid: counted anew, each time, from all holds that there ever were."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .rules import Reservation

if TYPE_CHECKING:
    from .shop import Shop

# A customer's number and an address, each "" where it is not known.
Who = tuple[str, str]
Key = tuple[str, str, str]
FORGOTTEN_SECONDS = 3_600


@dataclass(frozen=True)
class Budgets:
    """Units and holds of one SKU, a share of what is not sold, and a share of the time held unpaid."""

    customer: tuple[int, int]
    address: tuple[int, int]
    anonymous_percent: int
    wait_percent: int


def keys_of(who: Who, cart: str | None, sku: str) -> list[Key]:
    """The names under which a shopper waits: of the customer, else the cart; and of the address."""
    customer, address = who
    person = ("customer", customer, sku) if customer else ("cart", cart or "", sku)
    return [key for key in (person, ("address", address, sku)) if key[1]]


def room(shop: "Shop", sku: str, who: Who, cart: str | None, own: Reservation | None) -> tuple[int, str]:
    """The units of a SKU that this shopper may hold in all, and which budget says so."""
    if own is not None:
        who = both(who, own.who)
    return min(_rooms(shop, sku, who, cart, own), key=lambda room: room[0])


def both(who: Who, other: Who | None) -> Who:
    """The names of a shopper, those of a hold that it has where it has none itself."""
    customer, address = other or ("", "")
    return who[0] or customer, who[1] or address


def _rooms(shop: "Shop", sku: str, who: Who, cart: str | None, own: Reservation | None) -> Iterator[tuple[int, str]]:
    customer, address = who
    unsold = shop.counted[sku][0] - shop.in_flight(sku)
    if own is None and any(key[0] != "address" and _resting(shop, key) for key in keys_of(who, cart, sku)):
        yield 0, "wait"
    others = [held for held in shop.holds if held.sku == sku and held.unpaid_at(shop.now) is None and held is not own]
    living = [held for held in others if held.who is not None and held.alive(shop.now) and not held.order]
    if customer:
        units, holds = shop.budgets.customer
        same = [held for held in living if held.who and held.who[0] == customer]
        joins = own is None or own.who is None or own.who[0] != customer
        yield 0 if joins and len(same) >= holds else max(0, units - units_of(same)), "customer"
    else:
        share = -(-unsold * shop.budgets.anonymous_percent // 100)
        most = max(share, min(unsold, shop.max_units))
        yield max(0, most - units_of([held for held in living if held.who and not held.who[0]])), "anonymous"
    if address:
        units, holds = shop.budgets.address
        same = [held for held in living if held.who and held.who[1] == address]
        joins = own is None or own.who is None or own.who[1] != address
        left = min(units, unsold) - units_of(same) - _resting(shop, ("address", address, sku))
        yield 0 if joins and len(same) >= holds else max(0, left), "address"


def units_of(holds: list[Reservation]) -> int:
    return sum(held.quantity for held in holds)


def _resting(shop: "Shop", key: Key) -> int:
    """The units that ended unpaid under this name and count on, while it has to wait."""
    seconds, units, last = 0.0, 0, -float("inf")
    ends = sorted(_ends(shop, key))
    for ended, lived, quantity in ends:
        if ended >= last + FORGOTTEN_SECONDS:
            seconds, units = 0.0, 0
        seconds, units, last = seconds + lived, units + quantity, ended
    wait = min(seconds * shop.budgets.wait_percent / 100, shop.hold_seconds) if seconds >= shop.hold_seconds else 0
    return units if shop.now < last + wait else 0


def _ends(shop: "Shop", key: Key) -> Iterator[tuple[float, float, int]]:
    for held in shop.holds:
        ended = held.unpaid_at(shop.now)
        if held.who is None or ended is None or key not in keys_of(held.who, held.cart, held.sku):
            continue
        if ended > shop.paid_up.get(key, -1):
            # A sum of fractions may miss the full time of a hold by a hair, and the wait with it.
            yield ended, round(ended - held.created, 3), held.quantity
