"""A judge who buys over HTTP and looks at the offer all the while, with a ledger of its own."""

import threading
from types import TracebackType
from typing import Self

from reservations.api_keys import issue_key
from tests.bling_sync.world import FIRST, World
from tests.support import stopwatch
from tests.support.buyer import Answer, Buyer
from tests.support.patience import PATIENCE_SECONDS, wait_until


class Judge:
    """Knows how many units there were and how many it has taken; between `with` and its end it looks at the offer.

    `too_high` lists each look that saw more than there was; `missing` is in unit-seconds, what was left and not on
    offer, counted while nobody buys.
    """

    def __init__(self, world: World, port: int, opening: int) -> None:
        key = issue_key(world.shop).raw
        self._buyer, self._looker = Buyer(port, key), Buyer(port, key)
        self._opening = opening
        self._taken = self._asked = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, name="judge", daemon=True)
        self.looks = 0
        self.missing = 0.0
        self.too_high: list[str] = []

    @property
    def left(self) -> int:
        """Units that nobody bought."""
        return self._opening - self._taken

    def stocked_up(self, world: World, units: int) -> None:
        """From now on there are so many; nothing was bought before."""
        world.bling.control.post("movements", sku=FIRST, operation="B", quantity=units)
        with self._lock:
            self._opening = max(self._opening, units)
        wait_until(lambda: self.offer() == units)
        with self._lock:
            self._opening = units
        self.missing = 0.0

    def buy(self, units: int = 1, *, order_id: str = "") -> Answer:
        """Reserve and pay, for this order; the answer of the reserve."""
        with self._lock:
            self._asked += units
        held = self._buyer.reserve(FIRST, units)
        with self._lock:
            if held.status == 200:
                self._taken += units
            else:
                self._asked -= units
        if held.status == 200:
            order = {"order_id": order_id} if order_id else {}
            paid = self._buyer.post("/stock/confirm", {"reservation_id": held.body["reservation_id"], **order})
            assert paid.status == 200
        return held

    def offer(self) -> int:
        """Units on offer, now."""
        return _offer(self._buyer)

    def _look(self) -> None:
        before = stopwatch.now()
        while not self._stop.wait(0.03):
            with self._lock:
                most_there = self._opening - self._taken
            offer = _offer(self._looker)
            with self._lock:
                most_taken = self._asked
            self.looks += 1
            if offer > most_there:
                self.too_high.append(f"{offer} on offer, {most_there} there")
            now = stopwatch.now()
            self.missing += max(0, self._opening - most_taken - offer) * (now - before)
            before = now

    def __enter__(self) -> Self:
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Look no more."""
        self._stop.set()
        self._thread.join(PATIENCE_SECONDS)
        self._buyer.close()
        self._looker.close()


def _offer(buyer: Buyer) -> int:
    return int(buyer.get(f"/stock/{FIRST}").body["quantity"])
