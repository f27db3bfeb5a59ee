"""Random requests, and the engine commands that they become."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from hypothesis import strategies as st

from reservations import engine
from reservations.engine.book import holder_of
from reservations.engine.flash_sale.commands import Command, Confirm, Extend, Release, Reserve
from reservations.engine.reserve import sum_lines

from .budgets import Who
from .rules import Reservation
from .shop import Shop, Target

CARTS = ("ana", "beto", "clara")
# The orders that a buyer's confirm may name, and those that Shopify reports, with the other name of each.
ORDERS = ("", "1001", "1002", "#1001")
PAID = {"1001": ["#1001"], "1002": ["#1002"]}
# Minutes into a morning: the order that we hear of first is not the one that was paid first.
PAID_AT = {"1001": 2.0, "1002": 1.0}
_NAMESPACE = UUID("6f3b1f0e-5b1c-4c59-9d3c-0a7a4f3d2b11")

# The usual comes often (units in stock, known ids, no key), or the engine would refuse nearly all.
sku = st.sampled_from(["A"] * 7 + ["B"] * 7 + ["unknown"])
units = st.sampled_from([1, 1, 1, 1, 2, 2, 3, 4, 7])
lines = st.lists(st.tuples(sku, units), min_size=1, max_size=3)
cart = st.none() | st.sampled_from(CARTS)
# A shopper's customer number and address; often the shop's own server, which has no budget.
who = st.sampled_from(
    [None, None, None, ("", "home"), ("", "home"), ("", "cafe"), ("", ""), ("1", "home"), ("2", "cafe")]
)
key = st.sampled_from([None] * 8 + ["k1", "k2", "k3", "k4"])
verb = st.sampled_from(["confirm", "release", "extend"])
# A cart, or indexes into the list of all reservations so far, from its end; -1 is an id that never existed.
place = st.sampled_from([0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, -1])
target = st.sampled_from(CARTS) | st.lists(place, min_size=1, max_size=2)


def token(name: str) -> UUID:
    """The token of a cart, a UUID."""
    return uuid5(_NAMESPACE, name)


@dataclass(frozen=True)
class Request:
    """One call, before the state decides what it meets: the model's rule for it, and the engine's command."""

    verb: str
    text: str
    key: str | None
    of_model: Callable[[Shop], list[Reservation]]
    command: Callable[[int, engine.Idempotency | None], Command]
    # The SKUs whose stock it locks, whatever is answered.
    touches: Callable[[Shop], Iterable[str]]

    @property
    def fingerprint(self) -> bytes:
        return hashlib.sha256(self.text.encode()).digest()

    def to_engine(self, shop_id: int) -> Command:
        """The engine's command, with its idempotency key if it has one."""
        idempotency = engine.Idempotency("key:1", self.key, self.fingerprint, render) if self.key else None
        return self.command(shop_id, idempotency)


def render(outcome: engine.Outcome) -> engine.Answer | None:
    """The answer as the API stores it for a retry: it stores 200, 404 and 410."""
    if isinstance(outcome, engine.EngineError):
        return engine.Answer(outcome.status, outcome.code.encode()) if outcome.status in (404, 410) else None
    return engine.Answer(200, ",".join(str(hold.reservation_id) for hold in outcome).encode())


def reserve(wanted: Sequence[tuple[str, int]], of: str | None, key: str | None, who: Who | None = None) -> Request:
    lines, cart = sum_lines([engine.Line(*line) for line in wanted]), token(of) if of else None
    shopper = engine.Shopper(*who) if who else None

    def command(shop_id: int, idempotency: engine.Idempotency | None) -> Command:
        holders = [holder_of(shop_id, line.sku, shopper, cart) for line in lines] if shopper else ()
        return Reserve(shop_id, lines, cart, idempotency, tuple(holders))

    return Request(
        "reserve",
        f"reserve {wanted} {of} {who}",
        key,
        lambda shop: shop.reserve(wanted, of, who),
        command,
        lambda _: [sku for sku, _ in wanted],
    )


def end(verb: str, named: Target, ids: engine.Target, order: str, key: str | None) -> Request:
    """Confirm, release or extend `named`, which the engine knows as `ids`."""
    of_model: dict[str, Callable[[Shop], list[Reservation]]] = {
        "confirm": lambda shop: shop.confirm(named, order),
        "release": lambda shop: shop.release(named),
        "extend": lambda shop: shop.extend(named),
    }
    commands: dict[str, Callable[[int, engine.Idempotency | None], Command]] = {
        "confirm": lambda shop_id, idempotency: Confirm(shop_id, ids, order, idempotency),
        "release": lambda shop_id, idempotency: Release(shop_id, ids, "", idempotency),
        "extend": lambda shop_id, idempotency: Extend(shop_id, ids, idempotency),
    }
    return Request(verb, f"{verb} {ids} {order}", key, of_model[verb], commands[verb], lambda shop: _named(shop, named))


def _named(shop: Shop, named: Target) -> set[str]:
    return {held.sku for held in shop.holds if (held.cart == named if isinstance(named, str) else held in named)}
