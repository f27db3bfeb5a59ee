"""The books: every movement of stock, and what each balance was at any moment since the start."""

import random
import time
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sandbox.bling.products import Balance, Component, Product

Operation = Literal["B", "E", "S"]
ZERO = Decimal(0)


@dataclass(frozen=True)
class Movement:
    """One booking. `delta` is what it changed, `physical` the deposit's units after it, `at` `time.monotonic()`.

    `origin` says who: "api" (a POST), "order:<id>", or whatever a person at Bling's screen is called.
    """

    number: int
    at: float
    wall_time: float
    product_id: int
    sku: str
    deposit_id: int
    operation: Operation
    quantity: Decimal
    delta: Decimal
    physical: Decimal
    origin: str
    note: str = ""


class Stock:
    """Physical units by product and deposit, units reserved by orders, and the history of both."""

    def __init__(self, virtual_lag: Callable[[], tuple[float, float]] = lambda: (0.0, 0.0)) -> None:
        """Begin empty. `virtual_lag`: the least and the most seconds by which the virtual balance is late just now."""
        self._virtual_lag = virtual_lag
        self._random = random.Random(0)  # noqa: S311 - chances, not secrets
        self.movements: list[Movement] = []
        self.moved: Callable[[Movement], None] = lambda movement: None
        self.reserved_changed: Callable[[int], None] = lambda product_id: None
        self._physical: dict[tuple[int, int], Decimal] = {}
        self._reserved: dict[tuple[int, int], Decimal] = {}
        self._history: dict[tuple[int, int], list[tuple[float, Balance]]] = {}
        # Changes of the virtual balance that show late: when they were made, from when they show.
        self._late: dict[tuple[int, int], list[tuple[float, float, Decimal]]] = {}

    def __getstate__(self) -> dict[str, Any]:
        """For the books: each balance as it is now, since the steady clock may begin anew; nobody listens to them."""
        now = {key: [(0.0, history[-1][1])] for key, history in self._history.items()}
        silent = {name: value for name, value in vars(self).items() if name not in ("moved", "reserved_changed")}
        return silent | {"_history": now, "_late": {}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Go on from the books."""
        self.__init__()  # type: ignore[misc]  # listeners that do nothing
        self.__dict__.update(state)

    def book(
        self, product: Product, deposit_id: int, operation: Operation, quantity: Decimal, origin: str, note: str = ""
    ) -> Movement:
        """Book units in (E), out (S), or set the deposit's physical balance (B). It may go below zero."""
        key = (product.id, deposit_id)
        before = self._physical.get(key, ZERO)
        after = {"B": quantity, "E": before + quantity, "S": before - quantity}[operation]
        self._physical[key] = after
        movement = Movement(
            *(len(self.movements) + 1, time.monotonic(), time.time(), product.id, product.sku, deposit_id),
            *(operation, quantity, after - before, after, origin, note),
        )
        self.movements.append(movement)
        self._remember(key)
        self.moved(movement)
        return movement

    def reserve(self, product_id: int, deposit_id: int, quantity: Decimal) -> None:
        """Add units (or take away, when negative) to what open orders reserve."""
        key = (product_id, deposit_id)
        self._reserved[key] = self._reserved.get(key, ZERO) + quantity
        self._remember(key)
        self.reserved_changed(product_id)

    def balance(self, product_id: int, deposit_id: int) -> Balance:
        """The deposit's true balance."""
        history = self._history.get((product_id, deposit_id), [])
        return history[-1][1] if history else Balance(ZERO, ZERO)

    def shown(self, product_id: int, deposit_id: int, *, lag_seconds: float = 0.0) -> Balance:
        """The deposit's balance as it was `lag_seconds` ago, without the virtual changes that do not show yet."""
        key, at = (product_id, deposit_id), time.monotonic() - lag_seconds
        history = self._history.get(key, [])
        index = bisect_right(history, at, key=lambda known: known[0]) if lag_seconds else len(history)
        found = history[index - 1][1] if index else Balance(ZERO, ZERO)
        # A change that itself is too young for `lag_seconds` is not in `found`, and must not be left out of it.
        late = (units for since, until, units in self._late.get(key, []) if since <= at < until)
        return Balance(found.physical, found.virtual - sum(late, ZERO))

    def _remember(self, key: tuple[int, int]) -> None:
        physical, reserved = self._physical.get(key, ZERO), self._reserved.get(key, ZERO)
        now, before, virtual = time.monotonic(), self.balance(*key).virtual, physical - reserved
        self._history.setdefault(key, []).append((now, Balance(physical, virtual)))
        least, most = self._virtual_lag()
        if most:
            self._late.setdefault(key, []).append((now, now + self._random.uniform(least, most), virtual - before))


def kits_possible(components: tuple[Component, ...], units_of: Callable[[int], Decimal]) -> Decimal:
    """The number of whole kits that the components' units make."""
    return min((units_of(part.product_id) // Decimal(str(part.quantity)) for part in components), default=ZERO)
