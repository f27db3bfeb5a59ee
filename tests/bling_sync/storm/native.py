"""Bling's own Shopify channel, which imports each order by itself, in its own time."""

import random
import threading
import time
from types import TracebackType
from typing import Any, Self

from sandbox.bling import RunningStandIn
from tests.support.patience import PATIENCE_SECONDS


class NativeChannel:
    """Imports orders for the length of a `with`, and invoices some, which books their units out."""

    def __init__(self, bling: RunningStandIn, seed: int) -> None:
        self._bling = bling
        self._chance = random.Random(seed)
        self._waiting: list[tuple[float, str, dict[str, Any]]] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.orders: dict[str, int] = {}

    def hears_of(self, order_id: str, sku: str, quantity: int) -> None:
        """Take a paid order of Shopify's."""
        order = {"store_number": order_id, "items": [{"sku": sku, "quantity": quantity}]}
        with self._lock:
            self._waiting.append((time.monotonic() + self._chance.uniform(0, 2), "orders", order))

    def cancel(self, order_id: str) -> bool:
        """Cancel the order in Bling, as the merchant would; False when it is not imported yet."""
        known = self.orders.get(order_id)
        if known is not None:
            self._bling.control.post(f"orders/{known}/situation", situation=12, return_stock=True)
        return known is not None

    @property
    def is_done(self) -> bool:
        """Whether all is imported and invoiced."""
        with self._lock:
            return not self._waiting

    def _run(self) -> None:
        while not self._stop.wait(0.05):
            with self._lock:
                due = [row for row in self._waiting if row[0] <= time.monotonic()]
                for row in due:
                    self._carry_out(*row[1:])
                    self._waiting.remove(row)

    def _carry_out(self, address: str, order: dict[str, Any]) -> None:
        made = self._bling.control.post(address, **order)
        if address != "orders":
            return
        self.orders[order["store_number"]] = made["id"]
        if self._chance.random() < 0.3:
            at = time.monotonic() + self._chance.uniform(0, 3)
            self._waiting.append((at, f"orders/{made['id']}/invoice", {}))

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End."""
        self._stop.set()
        self._thread.join(PATIENCE_SECONDS)
